/** ONNX models on a GPU beside the processor: the same answers, and how fast. */
@NullMarked
package io.platformkit.benchmarks.gpu;

import org.jspecify.annotations.NullMarked;
