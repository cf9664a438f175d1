package io.platformkit.realtime.server;

import io.platformkit.core.Given;
import java.time.Duration;
import java.util.List;

/**
 * What clients may take, each session of its own.
 *
 * @param connectionsPerAddress at once
 * @param maxMessageBytes of one message from a client, and of one to it outside of topics
 * @param maxPendingBytes that wait for a slow client
 * @param maxTopics that it may receive at once, rooms among them
 * @param messagesPerSecond that it may send in the long run
 * @param authTimeout until it must have said who it is
 * @param pingInterval between questions whether it is there
 * @param pongTimeout until it must have answered
 */
record Limits(
    int connectionsPerAddress,
    int maxMessageBytes,
    int maxPendingBytes,
    int maxTopics,
    int messagesPerSecond,
    Duration authTimeout,
    Duration pingInterval,
    Duration pongTimeout) {
  static final Duration SHORTEST = Duration.ofMillis(100);
  static final Duration LONGEST = Duration.ofHours(1);

  /** What it may send at once. */
  int maxBurst() {
    return 2 * messagesPerSecond;
  }

  /** Adds what is wrong with them. */
  void check(List<String> faults) {
    Given.requireCount(faults, "connectionsPerAddress", connectionsPerAddress, 1, 1_000_000);
    Given.requireCount(faults, "maxMessageBytes", maxMessageBytes, 1 << 10, 16 << 20);
    Given.requireCount(faults, "maxPendingBytes", maxPendingBytes, 64 << 10, 1 << 30);
    Given.requireCount(faults, "maxTopics", maxTopics, 1, 100_000);
    Given.requireCount(faults, "messagesPerSecond", messagesPerSecond, 1, 1_000_000);
    Given.requireSpan(faults, "authTimeout", authTimeout, SHORTEST, LONGEST);
    Given.requireSpan(faults, "pingInterval", pingInterval, SHORTEST, LONGEST);
    Given.requireSpan(faults, "pongTimeout", pongTimeout, SHORTEST, LONGEST);
  }
}
