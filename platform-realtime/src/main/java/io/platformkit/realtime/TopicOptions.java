package io.platformkit.realtime;

import io.platformkit.core.Bounds;
import io.platformkit.core.Given;
import io.platformkit.core.log.Retention;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** How a topic behaves. Immutable. */
public final class TopicOptions {
  private final Optional<Retention> history;
  private final SlowConsumers slowConsumers;
  private final TopicAccess subscribers;
  private final TopicAccess publishers;

  private TopicOptions(Builder options) {
    history = options.history;
    slowConsumers = options.slowConsumers;
    subscribers = options.subscribers;
    publishers = options.publishers;
  }

  /** Starts with all defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** What is kept for who comes later; empty: nothing. */
  public Optional<Retention> history() {
    return history;
  }

  /** What becomes of messages for slow clients. */
  public SlowConsumers slowConsumers() {
    return slowConsumers;
  }

  /** Who may receive. */
  public TopicAccess subscribers() {
    return subscribers;
  }

  /** Which clients may publish; the host always may. */
  public TopicAccess publishers() {
    return publishers;
  }

  /** Collects the options; for one thread. */
  public static final class Builder {
    private final Set<String> given = new HashSet<>();
    private Optional<Retention> history = Optional.empty();
    private SlowConsumers slowConsumers = SlowConsumers.DROP_OLDEST;
    private TopicAccess subscribers = TopicAccess.ANYBODY;
    private TopicAccess publishers = TopicAccess.NOBODY;

    private Builder() {}

    /**
     * Keeps the newest messages, from 1 to 1,000,000, so that a client that comes back gets what it
     * missed. Default: none are kept.
     */
    public Builder history(int newest) {
      Bounds.requireCount("newest", newest, 1, 1_000_000);
      return history(Retention.newest(newest));
    }

    /** As {@link #history(int)}, with any bound. */
    public Builder history(Retention keep) {
      Given.once(given, "history");
      this.history = Optional.of(keep);
      return this;
    }

    /** Default: {@link SlowConsumers#DROP_OLDEST}. */
    public Builder slowConsumers(SlowConsumers policy) {
      this.slowConsumers = Given.once(given, "slowConsumers", policy);
      return this;
    }

    /** Who may receive; asked again at every resume. Default: whoever has a session. */
    public Builder subscribers(TopicAccess access) {
      this.subscribers = Given.once(given, "subscribers", access);
      return this;
    }

    /** Which clients may publish. Default: none. */
    public Builder publishers(TopicAccess access) {
      this.publishers = Given.once(given, "publishers", access);
      return this;
    }

    /** All is well as it was given. */
    public TopicOptions build() {
      return new TopicOptions(this);
    }
  }
}
