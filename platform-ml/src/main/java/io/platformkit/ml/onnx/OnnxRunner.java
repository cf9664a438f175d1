package io.platformkit.ml.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.RunGuard;
import io.platformkit.ml.TensorSpec;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import java.util.Collection;
import java.util.List;

/** One session of ONNX Runtime, which all bindings share. */
final class OnnxRunner implements ModelRunner {
  private final VersionId id;
  private final OrtSession session;
  private final ModelSignature signature;
  private final RunGuard guard;

  private OnnxRunner(VersionId id, OrtSession session, ModelSignature signature) {
    this.id = id;
    this.session = session;
    this.signature = signature;
    this.guard = new RunGuard(id.toString());
  }

  /** Takes the session, and closes it if it can't be run. */
  static OnnxRunner of(VersionId id, OrtSession session) throws OrtException {
    try {
      ModelSignature signature =
          new ModelSignature(
              specs(id, session.getInputInfo().values()),
              specs(id, session.getOutputInfo().values()));
      return new OnnxRunner(id, session, signature);
    } catch (OrtException | RuntimeException failure) {
      session.close();
      throw failure;
    }
  }

  private static List<TensorSpec> specs(VersionId id, Collection<NodeInfo> nodes) {
    return nodes.stream().map(node -> OnnxTypes.spec(id, node)).toList();
  }

  @Override
  public VersionId id() {
    return id;
  }

  @Override
  public ModelSignature signature() {
    return signature;
  }

  @Override
  public Binding bind(Tensors inputs, Tensors outputs) {
    signature.requireInputs(id, inputs);
    signature.requireOutputs(id, outputs);
    guard.enter();
    try {
      return OnnxBinding.of(this, inputs, outputs);
    } catch (OrtException failure) {
      throw new ModelException(
          id, "ONNX Runtime refused the tensors: " + failure.getMessage(), failure);
    } finally {
      guard.leave();
    }
  }

  OrtSession session() {
    return session;
  }

  RunGuard guard() {
    return guard;
  }

  @Override
  public void close() {
    guard.close(() -> {
      try {
        session.close();
      } catch (OrtException failure) {
        throw new ModelException(id, "the session could not be closed", failure);
      }
    });
  }
}
