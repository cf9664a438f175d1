package io.platformkit.ml.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.platformkit.core.PlatformException;
import java.io.IOException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/**
 * Registers, promotes, rolls back, fails and deletes versions of one model as fast as it can, until
 * it is killed. Each line that it writes is a transition that was acknowledged: {@code ack 17 v3
 * PRODUCTION.}
 */
public final class PromotingChild {
  /** The model. */
  static final String MODEL = "m";

  private static final int KEPT = 5;

  private final ModelRegistry registry;
  private final String name;

  private PromotingChild(ModelRegistry registry, String name) {
    this.registry = registry;
    this.name = name;
  }

  /** Arguments: class of the {@link RegistryOpener}, where, a name that no other child has. */
  public static void main(String[] args) throws ReflectiveOperationException {
    RegistryOpener opener =
        Class.forName(args[0])
            .asSubclass(RegistryOpener.class)
            .getDeclaredConstructor()
            .newInstance();
    new PromotingChild(opener.open(args[1]), args[2]).run();
  }

  private void run() {
    for (int i = 0; ; i++) {
      String version = name + "-" + i;
      attempt(() -> registry.register(NewVersion.builder(MODEL, version).build(), new byte[10]));
      change(() -> registry.promote(MODEL, version));
      if (i % 3 == 2) {
        change(() -> registry.rollback(MODEL));
        change(() -> registry.transition(MODEL, version, Stage.FAILED));
        change(() -> registry.delete(MODEL, version));
      }
      attempt(this::deleteOldest);
    }
  }

  private void deleteOldest() {
    List<ModelVersion> retired = registry.versions(MODEL, Stage.RETIRED);
    if (retired.size() > KEPT) {
      change(() -> registry.delete(MODEL, retired.getLast().version()));
    }
  }

  private static void change(Supplier<Transition> change) {
    attempt(() -> say(RegistryKillContract.acknowledgement(change.get())));
  }

  /** What others did meanwhile, or a server that was killed, may be in the way. */
  private static void attempt(Runnable attempt) {
    try {
      attempt.run();
    } catch (IllegalStateException | NoSuchElementException | PlatformException inTheWay) {
      say("not done.");
    }
  }

  /** In one piece, so that a kill leaves at most one line incomplete, the last one. */
  private static void say(String line) {
    try {
      System.out.write((line + "\n").getBytes(UTF_8));
      System.out.flush();
    } catch (IOException e) {
      throw new PlatformException("the parent can't be told", e);
    }
  }
}
