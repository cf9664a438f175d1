package io.platformkit.realtime.server;

import io.platformkit.core.Given;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** The options of a {@link RealtimeServerBuilder} that bound what clients may take. */
abstract class LimitOptions<B extends LimitOptions<B>> {
  final Set<String> given = new HashSet<>();
  private int connectionsPerAddress = 1000;
  private int maxMessageBytes = 60 << 10;
  private int maxPendingBytes = 1 << 20;
  private int maxTopics = 128;
  private int messagesPerSecond = 100;
  private Duration authTimeout = Duration.ofSeconds(10);
  private Duration pingInterval = Duration.ofSeconds(25);
  private Duration pongTimeout = Duration.ofSeconds(10);

  @SuppressWarnings("unchecked")
  private B self() {
    return (B) this;
  }

  /** Most connections of one address at once. Default: 1,000. */
  public B connectionsPerAddress(int most) {
    Given.once(given, "connectionsPerAddress");
    this.connectionsPerAddress = most;
    return self();
  }

  /** Largest message of a client, from 1 KiB to 16 MiB. Default: 60 KiB, below the bus's bound. */
  public B maxMessageBytes(int bytes) {
    Given.once(given, "maxMessageBytes");
    this.maxMessageBytes = bytes;
    return self();
  }

  /** What may wait for one slow client, from 64 KiB. Default: 1 MiB. */
  public B maxPendingBytes(int bytes) {
    Given.once(given, "maxPendingBytes");
    this.maxPendingBytes = bytes;
    return self();
  }

  /** Most topics and rooms of one session. Default: 128. */
  public B maxTopics(int most) {
    Given.once(given, "maxTopics");
    this.maxTopics = most;
    return self();
  }

  /** Most messages a second of one session; twice as many at once. Default: 100. */
  public B messagesPerSecond(int most) {
    Given.once(given, "messagesPerSecond");
    this.messagesPerSecond = most;
    return self();
  }

  /** Until a client must have said who it is. Default: 10 seconds. */
  public B authTimeout(Duration timeout) {
    this.authTimeout = Given.once(given, "authTimeout", timeout);
    return self();
  }

  /** After how long in silence a client is asked whether it is there. Default: 25 seconds. */
  public B pingInterval(Duration interval) {
    this.pingInterval = Given.once(given, "pingInterval", interval);
    return self();
  }

  /** Until it must have answered. Default: 10 seconds. */
  public B pongTimeout(Duration timeout) {
    this.pongTimeout = Given.once(given, "pongTimeout", timeout);
    return self();
  }

  Limits limits() {
    return new Limits(
        connectionsPerAddress,
        maxMessageBytes,
        maxPendingBytes,
        maxTopics,
        messagesPerSecond,
        authTimeout,
        pingInterval,
        pongTimeout);
  }
}
