package io.platformkit.ml.serving;

import io.platformkit.core.PlatformException;
import io.platformkit.ml.ModelException;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.batching.Outcome;
import java.time.Duration;
import java.util.Optional;

/**
 * What came of a request to a model. All of it is expected in production, so all of it is a value.
 *
 * @param <T> what was asked for
 */
public sealed interface Served<T> {
  /**
   * It was computed, or was in the cache.
   *
   * @param id the one version that the whole answer is from
   * @param cached whether it was computed before
   * @param took from the request to the answer
   */
  record Done<T>(VersionId id, T value, boolean cached, Duration took) implements Served<T> {}

  /**
   * There is no such model or version, or none in production.
   *
   * @param version as it was asked for; empty for the one in production
   */
  record NotFound<T>(String model, Optional<String> version) implements Served<T> {}

  /**
   * The model does not take what it was given; nothing was computed.
   *
   * @param fault an {@link io.platformkit.ml.schema.InvalidFeaturesException} or a {@link
   *     io.platformkit.ml.ModelInputException}, with all that is wrong
   */
  record Refused<T>(VersionId id, IllegalArgumentException fault) implements Served<T> {}

  /** Too much is under way; nothing was computed, and later it may be. */
  record Overloaded<T>(VersionId id, String reason) implements Served<T> {}

  /**
   * The caller's time was over before it was its turn; nothing was computed.
   *
   * @param waited how long
   */
  record Expired<T>(VersionId id, Duration waited) implements Served<T> {}

  /** The registry could not be asked, and what is loaded does not suffice. Later it may be. */
  record Unavailable<T>(PlatformException failure) implements Served<T> {}

  /** The model could not be loaded, or its run failed. */
  record Failed<T>(VersionId id, ModelException failure) implements Served<T> {}

  /**
   * The answer to a request that was not computed.
   *
   * @throws IllegalArgumentException if it was
   */
  static <T> Served<T> without(VersionId id, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Overloaded overloaded -> new Overloaded<>(id, overloaded.reason());
      case Outcome.Expired expired -> new Expired<>(id, expired.waited());
      case Outcome.Failed failed -> new Failed<>(id, failed.failure());
      case Outcome.Computed computed ->
          throw new IllegalArgumentException("outcome was computed but it must not be");
    };
  }
}
