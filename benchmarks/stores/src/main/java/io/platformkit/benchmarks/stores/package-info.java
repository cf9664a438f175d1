/** The core's ports beside the plain client libraries that they stand on. */
@NullMarked
package io.platformkit.benchmarks.stores;

import org.jspecify.annotations.NullMarked;
