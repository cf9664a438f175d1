package io.platformkit.realtime.server;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Json;
import io.platformkit.core.Timers;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.realtime.topics.Topics;
import java.util.concurrent.Executor;

/** What all sessions of a node share. Safe for concurrent use. */
final class Node {
  private final Topics topics;
  private final Gate gate;
  private final Limits limits;
  private final Envelopes envelopes;
  private final Json json;
  private final Timers timers;
  private final ErrorHandler errors;
  private final RealtimeMetrics metrics;
  private final Executor workers;
  private final Sessions sessions;
  private final Handlers handlers = new Handlers();
  private final NodeBus bus;
  private final Commands commands;
  private final Rooms rooms;

  Node(Parts parts) {
    topics = parts.topics();
    gate = parts.gate();
    limits = parts.limits();
    envelopes = parts.envelopes();
    json = parts.json();
    timers = parts.timers();
    errors = parts.errors();
    metrics = parts.metrics();
    workers = parts.workers();
    sessions = parts.sessions();
    bus = new NodeBus(this, parts.bus());
    commands = new Commands(this);
    rooms = new Rooms(this);
  }

  /**
   * What a node is made of.
   *
   * @param workers virtual threads, where calls may block
   */
  record Parts(
      Topics topics,
      MessageBus bus,
      Sessions sessions,
      Gate gate,
      Limits limits,
      Envelopes envelopes,
      Json json,
      Timers timers,
      ErrorHandler errors,
      RealtimeMetrics metrics,
      Executor workers) {}

  Topics topics() {
    return topics;
  }

  /** Whether a topic has a history. */
  boolean isKept(String topic) {
    return topics.rules().of(topic).history().isPresent();
  }

  Gate gate() {
    return gate;
  }

  Limits limits() {
    return limits;
  }

  Envelopes envelopes() {
    return envelopes;
  }

  Json json() {
    return json;
  }

  Timers timers() {
    return timers;
  }

  ErrorHandler errors() {
    return errors;
  }

  RealtimeMetrics metrics() {
    return metrics;
  }

  Executor workers() {
    return workers;
  }

  Sessions sessions() {
    return sessions;
  }

  Handlers handlers() {
    return handlers;
  }

  NodeBus bus() {
    return bus;
  }

  Commands commands() {
    return commands;
  }

  Rooms rooms() {
    return rooms;
  }
}
