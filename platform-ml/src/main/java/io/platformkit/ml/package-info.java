/**
 * Model serving. This package has the nouns and the seam to whatever computes: a {@link
 * io.platformkit.ml.ModelLoader} makes a {@link io.platformkit.ml.ModelRunner} of a file, and it
 * computes on {@link io.platformkit.ml.Tensor}s that the caller owns.
 *
 * <pre>{@code
 * Tensor features = Tensor.allocate(TensorType.FLOAT32, 500, 64);
 * Tensor scores = Tensor.allocate(TensorType.FLOAT32, 500, 1);
 * try (var runner = OnnxLoader.builder().build().load(new VersionId("ranker", "1"), file);
 *     var binding = runner.bind(Tensors.of("features", features), Tensors.of("scores", scores))) {
 *   features.floats().put(candidates);
 *   binding.run();
 *   float best = scores.floats().get(0);
 * }
 * }</pre>
 *
 * <p>{@code ml.onnx} runs ONNX files, {@code ml.registry} knows versions and their stages, {@code
 * ml.batching} computes rows of many callers together, {@code ml.schema} turns named features into
 * rows, and {@code ml.serving} puts them together.
 */
@NullMarked
package io.platformkit.ml;

import org.jspecify.annotations.NullMarked;
