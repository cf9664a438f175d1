package io.platformkit.ml.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sessions of one model: one for any number of rows, and those for frozen numbers. */
final class OnnxSessions {
  private final OrtSession general;
  private final Map<Integer, OrtSession> frozen;
  private final ModelSignature signature;

  private OnnxSessions(
      OrtSession general, Map<Integer, OrtSession> frozen, ModelSignature signature) {
    this.general = general;
    this.frozen = frozen;
    this.signature = signature;
  }

  /** Opens all of them, or none. */
  static OnnxSessions open(VersionId id, byte[] artifact, OnnxOptions options) throws OrtException {
    OrtSession general = session(id, artifact, options, Set.of(), 0);
    Map<Integer, OrtSession> frozen = new HashMap<>();
    try {
      ModelSignature signature = signature(id, general);
      for (int rows : options.frozenBatchSizes()) {
        frozen.put(rows, session(id, artifact, options, rowDimensions(id, general), rows));
      }
      return new OnnxSessions(general, frozen, signature);
    } catch (OrtException | RuntimeException failure) {
      closeAll(general, frozen.values());
      throw failure;
    }
  }

  private static OrtSession session(
      VersionId id, byte[] artifact, OnnxOptions options, Set<String> dimensions, int rows)
      throws OrtException {
    try (SessionOptions session = options.session(id)) {
      for (String dimension : dimensions) {
        session.setSymbolicDimensionValue(dimension, rows);
      }
      return OnnxEnvironment.get().createSession(artifact, session);
    }
  }

  private static ModelSignature signature(VersionId id, OrtSession session) throws OrtException {
    return new ModelSignature(
        session.getInputInfo().values().stream().map(node -> OnnxTypes.input(id, node)).toList(),
        session.getOutputInfo().values().stream().map(node -> OnnxTypes.output(id, node)).toList());
  }

  /** The names of the inputs' first dimensions. */
  private static Set<String> rowDimensions(VersionId id, OrtSession session) throws OrtException {
    Set<String> names = new HashSet<>();
    for (NodeInfo node : session.getInputInfo().values()) {
      TensorInfo info = (TensorInfo) node.getInfo();
      boolean free = info.getShape().length > 0 && info.getShape()[0] < 0;
      if (!free || info.getDimensionNames()[0].isEmpty()) {
        throw new ModelException(
            id,
            "input '%s' is %s but with frozenBatchSizes its first dimension must be free and named"
                .formatted(node.getName(), OnnxTypes.input(id, node).form()));
      }
      names.add(info.getDimensionNames()[0]);
    }
    return names;
  }

  ModelSignature signature() {
    return signature;
  }

  /** The one for so many rows, if all inputs have as many; else the one for any number. */
  OrtSession forRows(Tensors inputs) {
    if (frozen.isEmpty()) {
      return general;
    }
    Set<Integer> rows = new HashSet<>();
    inputs.forEach((name, tensor) -> rows.add(tensor.rows()));
    return rows.size() == 1 ? frozen.getOrDefault(rows.iterator().next(), general) : general;
  }

  void close() throws OrtException {
    closeAll(general, frozen.values());
  }

  private static void closeAll(OrtSession general, Collection<OrtSession> frozen)
      throws OrtException {
    List<OrtSession> all = new ArrayList<>(frozen);
    all.add(general);
    @Nullable OrtException first = null;
    for (OrtSession session : all) {
      try {
        session.close();
      } catch (OrtException failure) {
        first = first == null ? failure : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
