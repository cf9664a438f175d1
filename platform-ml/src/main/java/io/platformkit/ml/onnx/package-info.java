/**
 * Runs ONNX files on ONNX Runtime, on the processor or on a GPU of NVIDIA. Needs {@code
 * com.microsoft.onnxruntime:onnxruntime}, or {@code onnxruntime_gpu} in its place.
 */
@NullMarked
package io.platformkit.ml.onnx;

import org.jspecify.annotations.NullMarked;
