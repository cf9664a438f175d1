package io.platformkit.ml.registry;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A version may not go to that stage from where it is; nothing was changed. */
public final class IllegalStageException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final String model;
  private final String version;
  private final Stage from;
  private final @Nullable Stage to;

  private IllegalStageException(
      String model, String version, Stage from, @Nullable Stage to, String rule) {
    super(
        "version '%s' of model '%s' is %s and cannot %s; %s"
            .formatted(
                version, model, from, to == null ? "be deleted" : "become " + to.name(), rule));
    this.model = model;
    this.version = version;
    this.from = from;
    this.to = to;
  }

  static IllegalStageException move(String model, String version, Stage from, Stage to) {
    return new IllegalStageException(
        model, version, from, to, "from %s it may become %s".formatted(from, words(from.next())));
  }

  static IllegalStageException withoutSuccessor(String model, String version) {
    return new IllegalStageException(
        model,
        version,
        Stage.PRODUCTION,
        Stage.RETIRED,
        "that happens as another version takes over: promote one, or move this one to STAGED");
  }

  static IllegalStageException delete(String model, String version, Stage from) {
    return new IllegalStageException(
        model, version, from, null, "only what is FAILED or RETIRED may be");
  }

  private static String words(Set<Stage> stages) {
    return stages.isEmpty()
        ? "nothing else"
        : stages.stream().map(Stage::name).collect(Collectors.joining(" or "));
  }

  /** The name of the model. */
  public String model() {
    return model;
  }

  /** The version of the model. */
  public String version() {
    return version;
  }

  /** Where it is. */
  public Stage from() {
    return from;
  }

  /** Where it was to go; empty: it was to be deleted. */
  public Optional<Stage> to() {
    return Optional.ofNullable(to);
  }
}
