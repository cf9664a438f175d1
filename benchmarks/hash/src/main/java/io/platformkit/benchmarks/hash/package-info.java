/** Sticky buckets against the murmur3 of other libraries and the cost of reading the text. */
@NullMarked
package io.platformkit.benchmarks.hash;

import org.jspecify.annotations.NullMarked;
