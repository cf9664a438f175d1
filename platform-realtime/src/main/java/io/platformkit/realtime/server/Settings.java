package io.platformkit.realtime.server;

import io.netty.handler.ssl.SslContext;
import io.platformkit.core.Timers;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How a server listens, and how it stops.
 *
 * @param address to listen on; empty: the host does
 * @param drainWindow over which clients are told to come back
 * @param drainTimeout that everything else of its closing may take
 */
record Settings(
    Optional<InetSocketAddress> address,
    Optional<SslContext> tls,
    Duration drainWindow,
    Duration drainTimeout,
    InstantSource clock,
    Timers timers) {}
