/**
 * What a {@link io.platformkit.ml.serving.ModelServer} offers over HTTP, for a host to mount where
 * it likes: {@link io.platformkit.ml.http.OpenInference}, {@link
 * io.platformkit.ml.http.TensorFlowServing} and {@link io.platformkit.ml.http.PredictionService}.
 * None of them checks who asks: a host puts a {@code Guard} before them.
 */
@NullMarked
package io.platformkit.ml.http;

import org.jspecify.annotations.NullMarked;
