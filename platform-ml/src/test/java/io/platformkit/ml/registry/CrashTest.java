package io.platformkit.ml.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.SettableClock;
import io.platformkit.core.log.InMemoryEventLog;
import io.platformkit.core.store.InMemoryKeyValueStore;
import io.platformkit.core.store.KeyValueStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A process dies before or after each of its calls to the store and the log, one after the other.
 */
class CrashTest {
  private static final byte[] ARTIFACT = {1, 2, 3};

  private final SettableClock clock = SettableClock.create();
  private KeyValueStore store = InMemoryKeyValueStore.create();
  private InMemoryEventLog log = InMemoryEventLog.create();

  @BeforeEach
  void openNew() {
    close();
    store = InMemoryKeyValueStore.builder().scannable(true).build();
    log = InMemoryEventLog.create();
  }

  @AfterEach
  void close() {
    store.close();
    log.close();
  }

  /** What is done, and how to see that it was. */
  record Operation(String name, Consumer<ModelRegistry> action, Predicate<ModelRegistry> effect) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Operation> operations() {
    return Stream.of(
        new Operation(
            "register the first of a model",
            registry -> registry.register(NewVersion.builder("other", "v").build()),
            registry -> registry.version("other", "v").isPresent()),
        new Operation(
            "register in training",
            registry -> registry.register(NewVersion.builder("m", "v").build()),
            registry -> registry.version("m", "v").isPresent()),
        new Operation(
            "register with an artifact",
            registry -> registry.register(NewVersion.builder("m", "v").build(), ARTIFACT),
            registry -> Arrays.equals(registry.artifact("m", "v"), ARTIFACT)),
        new Operation(
            "attach",
            registry -> registry.attach("m", "v3", ARTIFACT),
            registry -> Arrays.equals(registry.artifact("m", "v3"), ARTIFACT)),
        new Operation(
            "promote", registry -> registry.promote("m", "v3"), registry -> serves(registry, "v3")),
        new Operation(
            "roll back", registry -> registry.rollback("m"), registry -> serves(registry, "v1")),
        new Operation(
            "delete",
            registry -> registry.delete("m", "v1"),
            registry -> registry.version("m", "v1").isEmpty()),
        new Operation("read the history", registry -> registry.history("m"), registry -> true));
  }

  private static boolean serves(ModelRegistry registry, String version) {
    return registry.production("m").orElseThrow().version().equals(version);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void whateverADeadProcessLeftIsRightAndTheSameCanBeDoneAgain(Operation operation) {
    for (boolean afterEffect : new boolean[] {false, true}) {
      boolean died = true;
      for (int call = 1; died; call++) {
        openNew();
        prepare();
        CrashingPorts ports = new CrashingPorts(call, afterEffect);
        died = dies(ports, operation.action);
        assertThat(ports.isDead()).isEqualTo(died);
        assertRightAfterwards(operation, !died);
      }
    }
  }

  /** v1 is retired, v2 serves, v3 is staged, and the last transition is not in the log. */
  private void prepare() {
    try (ModelRegistry registry = open(store)) {
      for (String version : List.of("v1", "v2", "v3")) {
        registry.register(NewVersion.builder("m", version).build());
        registry.transition("m", version, Stage.STAGED);
        clock.advance(Duration.ofMillis(1));
      }
      registry.promote("m", "v1");
    }
    for (int call = 1; ; call++) {
      CrashingPorts ports = new CrashingPorts(call, true);
      if (dies(ports, registry -> registry.promote("m", "v2")) && isPromoted()) {
        return;
      }
    }
  }

  private boolean isPromoted() {
    try (ModelRegistry registry = open(store)) {
      return serves(registry, "v2");
    }
  }

  private boolean dies(CrashingPorts ports, Consumer<ModelRegistry> operation) {
    try (ModelRegistry registry =
        ModelRegistry.builder(ports.before(store), ports.before(log)).clock(clock).build()) {
      operation.accept(registry);
      return ports.isDead();
    } catch (CrashingPorts.Died death) {
      return true;
    }
  }

  private ModelRegistry open(KeyValueStore by) {
    return ModelRegistry.builder(by, log).clock(clock).build();
  }

  private void assertRightAfterwards(Operation operation, boolean acknowledged) {
    try (ModelRegistry registry = open(store)) {
      List<Transition> told = Histories.assertRight(registry, "m");
      Histories.assertRight(registry, "other");
      if (!acknowledged) {
        doAgain(registry, operation);
      }
      assertThat(operation.effect.test(registry)).as(operation.name).isTrue();
      assertThat(Histories.assertRight(registry, "m")).startsWith(told.toArray(Transition[]::new));
    }
  }

  /** As whoever doesn't know whether it was done. */
  private static void doAgain(ModelRegistry registry, Operation operation) {
    try {
      operation.action.accept(registry);
    } catch (IllegalStateException | NoSuchElementException itWasDone) {
      assertThat(operation.effect.test(registry)).as(operation.name).isTrue();
    }
  }
}
