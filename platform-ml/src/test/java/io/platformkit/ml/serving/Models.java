package io.platformkit.ml.serving;

import io.platformkit.ml.FunctionRunner;
import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelFunction;
import io.platformkit.ml.ModelLoader;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.TensorSpec;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.registry.NewVersion;
import io.platformkit.ml.schema.Feature;
import io.platformkit.ml.schema.ModelSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Models in Java whose artifact is a number: they answer {@code 1000 × number + x}. It counts what
 * is loaded, and can be told to fail or to wait.
 */
final class Models implements ModelLoader {
  static final ModelSchema SCHEMA =
      ModelSchema.regressor("y", Feature.number("x").from(-1000).to(1000));
  static final ModelSignature SIGNATURE =
      new ModelSignature(
          List.of(TensorSpec.of("x", TensorType.FLOAT32, -1, 1)),
          List.of(TensorSpec.of("y", TensorType.FLOAT32, -1, 1)));

  final Map<VersionId, AtomicInteger> loads = new ConcurrentHashMap<>();
  final AtomicInteger open = new AtomicInteger();
  final AtomicLong rows = new AtomicLong();
  volatile Optional<ModelFunction> instead = Optional.empty();
  volatile Optional<RuntimeException> failure = Optional.empty();
  volatile OptionalLong bytes = OptionalLong.empty();

  static byte[] artifact(int number) {
    return Integer.toString(number).getBytes(StandardCharsets.UTF_8);
  }

  static void register(ModelRegistry registry, String model, String version, int number) {
    registry.register(NewVersion.builder(model, version).schema(SCHEMA).build(), artifact(number));
  }

  static void promote(ModelRegistry registry, String model, String version, int number) {
    register(registry, model, version, number);
    registry.promote(model, version);
  }

  @Override
  public ModelRunner load(VersionId id, byte[] artifact) {
    loads.computeIfAbsent(id, one -> new AtomicInteger()).incrementAndGet();
    failure.ifPresent(thrown -> {
      throw new ModelException(id, "told to fail", thrown);
    });
    int number = Integer.parseInt(new String(artifact, StandardCharsets.UTF_8));
    open.incrementAndGet();
    return new Counted(
        FunctionRunner.of(
            id,
            SIGNATURE,
            (inputs, outputs) -> {
              if (instead.isPresent()) {
                instead.get().run(inputs, outputs);
              } else {
                add(number, inputs, outputs);
              }
            }));
  }

  private void add(int number, Tensors inputs, Tensors outputs) {
    var x = inputs.get("x").floats();
    var y = outputs.get("y").floats();
    rows.addAndGet(y.limit());
    for (int row = 0; row < y.limit(); row++) {
      y.put(row, 1000 * number + x.get(row));
    }
  }

  int loadsOf(String model, String version) {
    AtomicInteger count = loads.get(new VersionId(model, version));
    return count == null ? 0 : count.get();
  }

  /** Tells when it is closed. */
  private final class Counted implements ModelRunner {
    private final ModelRunner runner;

    Counted(ModelRunner runner) {
      this.runner = runner;
    }

    @Override
    public VersionId id() {
      return runner.id();
    }

    @Override
    public ModelSignature signature() {
      return runner.signature();
    }

    @Override
    public OptionalLong memoryBytes() {
      return bytes;
    }

    @Override
    public Binding bind(Tensors inputs, Tensors outputs) {
      return runner.bind(inputs, outputs);
    }

    @Override
    public void close() {
      runner.close();
      open.decrementAndGet();
    }
  }
}
