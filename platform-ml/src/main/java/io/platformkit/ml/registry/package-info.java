/**
 * Which versions of a model there are, what is known of each, and which one serves: now, and at any
 * time before.
 *
 * <p>{@link io.platformkit.ml.registry.ModelRegistry} keeps {@link
 * io.platformkit.ml.registry.ModelVersion}s on a key-value store, moves them from {@link
 * io.platformkit.ml.registry.Stage} to stage, and writes every {@link
 * io.platformkit.ml.registry.Transition} to an event log that never expires. The bytes of the
 * models are in an {@link io.platformkit.ml.registry.ArtifactStore}.
 *
 * <pre>{@code
 * var registry = ModelRegistry.builder(jdbc.keyValues(options.scanned()), jdbc.eventLog())
 *     .artifacts(DirectoryArtifacts.in(Path.of("models")))
 *     .build();
 * registry.register(NewVersion.builder("churn", "v7").algorithm("gbdt").build(), onnx);
 * registry.promote("churn", "v7", Note.by("ann"));
 * byte[] checked = registry.artifact("churn", "v7");
 * registry.rollback("churn");
 * }</pre>
 *
 * <p>It trains nothing and serves nothing.
 */
@NullMarked
package io.platformkit.ml.registry;

import org.jspecify.annotations.NullMarked;
