package io.platformkit.ml.onnx;

import ai.onnxruntime.OrtException;
import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.RunGuard;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import java.util.Optional;

/** A model's sessions, which all bindings share. */
final class OnnxRunner implements ModelRunner {
  private static final String NO_NATIVE_LIBRARY =
      "the native library of ONNX Runtime can't be loaded; it is there for Linux with glibc 2.28 or"
          + " newer (not Alpine), macOS on ARM and Windows, and is unpacked to java.io.tmpdir, from"
          + " where it must be allowed to run";

  private final VersionId id;
  private final OnnxSessions sessions;
  private final Optional<String> degradation;
  private final RunGuard guard;

  private OnnxRunner(VersionId id, OnnxSessions sessions, Optional<String> degradation) {
    this.id = id;
    this.sessions = sessions;
    this.degradation = degradation;
    this.guard = new RunGuard(id.toString());
  }

  /**
   * Loads a model.
   *
   * @param degradation why it runs there, if it was asked to run elsewhere
   */
  static OnnxRunner open(
      VersionId id, byte[] artifact, OnnxOptions options, Optional<String> degradation) {
    try {
      return new OnnxRunner(id, OnnxSessions.open(id, artifact, options), degradation);
    } catch (OrtException failure) {
      throw new ModelException(
          id,
          "ONNX Runtime can't load it on %s: %s"
              .formatted(options.provider(), failure.getMessage()),
          failure);
    } catch (LinkageError failure) {
      throw new ModelException(id, NO_NATIVE_LIBRARY, failure);
    }
  }

  @Override
  public VersionId id() {
    return id;
  }

  @Override
  public ModelSignature signature() {
    return sessions.signature();
  }

  @Override
  public Optional<String> degradation() {
    return degradation;
  }

  @Override
  public String platform() {
    return "onnx_onnxv1";
  }

  @Override
  public Binding bind(Tensors inputs, Tensors outputs) {
    signature().requireInputs(id, inputs);
    signature().requireOutputs(id, outputs);
    guard.enter();
    try {
      return OnnxBinding.of(this, sessions.forRows(inputs), inputs, outputs);
    } catch (OrtException failure) {
      throw new ModelException(
          id, "ONNX Runtime refused the tensors: " + failure.getMessage(), failure);
    } finally {
      guard.leave();
    }
  }

  RunGuard guard() {
    return guard;
  }

  @Override
  public void close() {
    guard.close(() -> {
      try {
        sessions.close();
      } catch (OrtException failure) {
        throw new ModelException(id, "a session could not be closed", failure);
      }
    });
  }
}
