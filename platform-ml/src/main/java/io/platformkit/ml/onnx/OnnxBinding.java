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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Native tensors over the memory of ours. Strings are copied at each run. */
final class OnnxBinding implements ModelRunner.Binding {
  private final OnnxRunner runner;
  private final OrtSession session;
  private final Tensors inputs;
  private final Tensors outputs; // those bound, in the model's order
  private final List<String> strings; // inputs that are copied at each run
  private final Map<String, OnnxTensor> nativeInputs = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> nativeOutputs = new LinkedHashMap<>();
  private final Set<String> allocated; // outputs, by ONNX Runtime
  private final BindingState state;

  private OnnxBinding(OnnxRunner runner, OrtSession session, Tensors inputs, Tensors outputs) {
    this.runner = runner;
    this.session = session;
    this.inputs = inputs;
    this.outputs = inOrder(runner, outputs);
    this.strings =
        inputs.names().stream()
            .filter(name -> inputs.get(name).type() == TensorType.STRING)
            .toList();
    this.allocated = allocated(runner, outputs);
    this.state = new BindingState("a binding of " + runner.id(), this::release);
  }

  static OnnxBinding of(OnnxRunner runner, OrtSession session, Tensors inputs, Tensors outputs)
      throws OrtException {
    OnnxBinding made = new OnnxBinding(runner, session, inputs, outputs);
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

  private static Set<String> allocated(OnnxRunner runner, Tensors outputs) {
    Set<String> names = new LinkedHashSet<>();
    for (TensorSpec spec : runner.signature().outputs()) {
      if (outputs.find(spec.name()).filter(OnnxTensors::isOverMemory).isEmpty()) {
        names.add(spec.name());
      }
    }
    return names.isEmpty() ? Collections.emptySet() : names; // whose iterator is no garbage
  }

  private void prepare() throws OrtException {
    for (String name : inputs.names()) {
      if (!strings.contains(name)) {
        nativeInputs.put(name, OnnxTensors.over(inputs.get(name)));
      }
    }
    for (String name : outputs.names()) {
      if (!allocated.contains(name)) {
        nativeOutputs.put(name, OnnxTensors.over(outputs.get(name)));
      }
    }
  }

  @Override
  public Tensors run() {
    state.enter();
    try {
      runner.guard().enter();
      try {
        return computed();
      } finally {
        runner.guard().leave();
      }
    } catch (OrtException failure) {
      throw new ModelException(
          runner.id(), "ONNX Runtime failed: " + failure.getMessage(), failure);
    } finally {
      state.leave();
    }
  }

  private Tensors computed() throws OrtException {
    if (strings.isEmpty()) {
      return ran();
    }
    try {
      for (String name : strings) {
        nativeInputs.put(name, OnnxTensors.strings(runner.id(), name, inputs.get(name)));
      }
      return ran();
    } finally {
      strings.forEach(this::dropStrings);
    }
  }

  private Tensors ran() throws OrtException {
    try (OrtSession.Result result = session.run(nativeInputs, allocated, nativeOutputs)) {
      return allocated.isEmpty() ? outputs : withAllocated(result);
    }
  }

  private void dropStrings(String name) {
    OnnxTensor copy = nativeInputs.remove(name);
    if (copy != null) {
      copy.close();
    }
  }

  private Tensors withAllocated(OrtSession.Result result) throws OrtException {
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (TensorSpec spec : runner.signature().outputs()) {
      String name = spec.name();
      @Nullable Tensor bound = outputs.find(name).orElse(null);
      if (bound == null) {
        all.put(name, OnnxTensors.copy(runner.id(), name, tensor(name, result)));
      } else {
        if (allocated.contains(name)) {
          OnnxTensors.copyInto(bound, runner.id(), name, tensor(name, result));
        }
        all.put(name, bound);
      }
    }
    return Tensors.of(all);
  }

  private OnnxTensor tensor(String name, OrtSession.Result result) {
    OnnxValue value = result.get(name).orElseThrow();
    if (value instanceof OnnxTensor tensor) {
      return tensor;
    }
    throw new ModelException(
        runner.id(), "output '%s' is no tensor but %s".formatted(name, value.getType()));
  }

  /** The native tensors only; what they are over is the caller's. */
  @Override
  public void close() {
    state.close();
  }

  private void release() {
    nativeInputs.values().forEach(OnnxTensor::close);
    nativeOutputs.values().forEach(OnnxTensor::close);
    nativeInputs.clear();
    nativeOutputs.clear();
  }
}
