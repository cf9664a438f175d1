package io.platformkit.ml.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorSpec;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.Tensors;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Native tensors over the memory of ours. Strings are copied at each run. */
final class OnnxBinding implements ModelRunner.Binding {
  private final OnnxRunner runner;
  private final Tensors inputs;
  private final Tensors outputs; // those bound, in the model's order
  private final Map<String, OnnxTensor> nativeInputs = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> nativeOutputs = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>(); // outputs that ONNX Runtime allocates
  private final boolean hasStrings;
  private boolean closed;

  private OnnxBinding(OnnxRunner runner, Tensors inputs, Tensors outputs) {
    this.runner = runner;
    this.inputs = inputs;
    this.outputs = inOrder(runner, outputs);
    this.hasStrings =
        inputs.names().stream().anyMatch(name -> inputs.get(name).type() == TensorType.STRING);
  }

  static OnnxBinding of(OnnxRunner runner, Tensors inputs, Tensors outputs) throws OrtException {
    OnnxBinding made = new OnnxBinding(runner, inputs, outputs);
    try {
      made.prepare();
      return made;
    } catch (OrtException | RuntimeException failure) {
      made.close();
      throw failure;
    }
  }

  private static Tensors inOrder(OnnxRunner runner, Tensors outputs) {
    Map<String, Tensor> ordered = new LinkedHashMap<>();
    for (TensorSpec spec : runner.signature().outputs()) {
      outputs.find(spec.name()).ifPresent(bound -> ordered.put(spec.name(), bound));
    }
    return Tensors.of(ordered);
  }

  private void prepare() throws OrtException {
    for (String name : inputs.names()) {
      nativeInputs.put(name, OnnxTensors.over(inputs.get(name)));
    }
    for (TensorSpec spec : runner.signature().outputs()) {
      Tensor bound = outputs.find(spec.name()).orElse(null);
      if (bound == null || bound.type() == TensorType.STRING) {
        asked.add(spec.name());
      } else {
        nativeOutputs.put(spec.name(), OnnxTensors.over(bound));
      }
    }
  }

  @Override
  public Tensors run() {
    runner.guard().enter();
    try {
      if (closed) {
        throw new IllegalStateException("the binding of " + runner.id() + " is closed");
      }
      if (hasStrings) {
        renewStrings();
      }
      try (OrtSession.Result result = runner.session().run(nativeInputs, asked, nativeOutputs)) {
        return asked.isEmpty() ? outputs : withAllocated(result);
      }
    } catch (OrtException failure) {
      throw new ModelException(
          runner.id(), "ONNX Runtime failed: " + failure.getMessage(), failure);
    } finally {
      runner.guard().leave();
    }
  }

  private void renewStrings() throws OrtException {
    for (String name : inputs.names()) {
      Tensor input = inputs.get(name);
      if (input.type() == TensorType.STRING) {
        OnnxTensor old = nativeInputs.put(name, OnnxTensors.over(input));
        if (old != null) {
          old.close();
        }
      }
    }
  }

  private Tensors withAllocated(OrtSession.Result result) throws OrtException {
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (TensorSpec spec : runner.signature().outputs()) {
      Tensor bound = outputs.find(spec.name()).orElse(null);
      boolean written = bound != null && bound.type() != TensorType.STRING;
      all.put(spec.name(), written ? bound : taken(spec, bound, result));
    }
    return Tensors.of(all);
  }

  private Tensor taken(TensorSpec spec, @Nullable Tensor bound, OrtSession.Result result)
      throws OrtException {
    OnnxValue value = result.get(spec.name()).orElseThrow();
    if (!(value instanceof OnnxTensor tensor)) {
      throw new ModelException(
          runner.id(), "output '%s' is no tensor but %s".formatted(spec.name(), value.getType()));
    }
    Tensor copy = OnnxTensors.copy(runner.id(), spec.name(), tensor);
    if (bound == null) {
      return copy;
    }
    bound.copyRows(0, copy, 0, copy.rows());
    return bound;
  }

  /** The native tensors only; what they are over is the caller's. */
  @Override
  public void close() {
    closed = true;
    nativeInputs.values().forEach(OnnxTensor::close);
    nativeOutputs.values().forEach(OnnxTensor::close);
    nativeInputs.clear();
    nativeOutputs.clear();
  }
}
