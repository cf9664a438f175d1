/** Predictions over HTTP, from a second process. */
@NullMarked
package io.platformkit.benchmarks.http;

import org.jspecify.annotations.NullMarked;
