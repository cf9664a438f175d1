/** Dynamic batching: many callers with one row each. */
@NullMarked
package io.platformkit.benchmarks.batching;

import org.jspecify.annotations.NullMarked;
