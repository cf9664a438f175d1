/** LTTB against the textbook implementation and the memory floor. */
@NullMarked
package io.platformkit.benchmarks.lttb;

import org.jspecify.annotations.NullMarked;
