/** Versions that take over from one another under load, for long. */
@NullMarked
package io.platformkit.benchmarks.swap;

import org.jspecify.annotations.NullMarked;
