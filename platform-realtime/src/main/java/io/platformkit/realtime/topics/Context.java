package io.platformkit.realtime.topics;

import io.platformkit.core.Timers;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.log.EventLog;
import java.util.concurrent.Executor;

/**
 * What all topics of a node stand on.
 *
 * @param workers where reading may block
 */
record Context(EventLog log, MessageBus bus, Timers timers, Codec codec, Executor workers) {}
