/** The tiered cache beside Caffeine and plain Lettuce. */
@NullMarked
package io.platformkit.benchmarks.cache;

import org.jspecify.annotations.NullMarked;
