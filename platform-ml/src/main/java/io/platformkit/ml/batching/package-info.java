/**
 * Computes rows of many callers together, which a model does far faster than one by one.
 *
 * <pre>{@code
 * try (var batcher = Batcher.builder(runner).maxBatch(64).build()) {
 *   batcher.warmUp();
 *   batcher.start();
 *   switch (batcher.run(inputs, outputs, Terms.within(Duration.ofMillis(50)))) {
 *     case Outcome.Computed computed -> use(computed.outputs());
 *     case Outcome.Overloaded overloaded -> tryLater();
 *     case Outcome.Expired expired -> goOnWithout();
 *     case Outcome.Failed failed -> throw failed.failure();
 *   }
 * }
 * }</pre>
 *
 * <p>It batches calls of one runner; which model and version a call is for is decided before, by
 * {@code ml.serving}.
 */
@NullMarked
package io.platformkit.ml.batching;

import org.jspecify.annotations.NullMarked;
