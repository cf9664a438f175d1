/** The ranker: an MLP of 64 features, 128 and 64 neurons and one score, on ONNX Runtime. */
@NullMarked
package io.platformkit.benchmarks.ranker;

import org.jspecify.annotations.NullMarked;
