package io.platformkit.realtime.server;

/**
 * How one node is doing.
 *
 * @param activeConnections sessions that are open now
 * @param messagesPerSecond to clients, over the last ten seconds
 * @param rooms in which somebody is
 * @param reconnections sessions since the start whose client came back with what it had last
 */
public record ServerStats(
    int activeConnections, double messagesPerSecond, long rooms, long reconnections) {}
