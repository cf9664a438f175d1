/**
 * HTTP/1.1 on Netty for {@link io.platformkit.core.http.HttpEndpoint}s, and the door to what keeps
 * a connection for itself.
 *
 * <p>{@link io.platformkit.realtime.http.HttpConnections} stand behind every connection of a
 * server. A request that a {@link io.platformkit.realtime.http.Takeover} wants is handed over with
 * its connection, for a WebSocket or a stream of events; any other is answered by the endpoint on a
 * virtual thread, under the contract of {@link io.platformkit.core.http.JdkHttpServer}. {@link
 * io.platformkit.realtime.http.EventLoops} choose the transport.
 *
 * <p>Not here: listening, TLS (an {@code SslHandler} in front is seen), HTTP/2, compression.
 */
@NullMarked
package io.platformkit.realtime.http;

import org.jspecify.annotations.NullMarked;
