package io.platformkit.realtime.server;

import java.time.Duration;

/**
 * What one session may take. Checked by the server's builder.
 *
 * @param maxMessageBytes of one message from a client, and of one to it outside of topics
 * @param maxPendingBytes that wait for a slow client
 * @param maxTopics that it may receive at once, rooms among them
 * @param messagesPerSecond that it may send in the long run
 * @param maxBurst that it may send at once
 * @param authTimeout until it must have said who it is
 * @param pingInterval between questions whether it is there
 * @param pongTimeout until it must have answered
 */
record Limits(
    int maxMessageBytes,
    int maxPendingBytes,
    int maxTopics,
    int messagesPerSecond,
    int maxBurst,
    Duration authTimeout,
    Duration pingInterval,
    Duration pongTimeout) {}
