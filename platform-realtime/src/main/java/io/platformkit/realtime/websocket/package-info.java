/**
 * The WebSocket protocol (RFC 6455, with the permessage-deflate of RFC 7692) for a server on Netty.
 * It knows bytes and frames; who may connect, and what messages mean, is for the package above.
 *
 * <p>The nouns: {@link io.platformkit.realtime.websocket.WebSocketHandshake}, which takes or
 * refuses an HTTP request; {@link io.platformkit.realtime.websocket.WebSocketConnection}, which one
 * handler of Netty serves after the upgrade; {@link
 * io.platformkit.realtime.websocket.WebSocketListener}, which hears what the client says; {@link
 * io.platformkit.realtime.websocket.OutgoingMessage}, which is encoded once however many
 * connections it goes to; and {@link io.platformkit.realtime.websocket.MessageBatch}, which goes to
 * many of them as one buffer.
 *
 * <pre>{@code
 * switch (WebSocketHandshake.answer(request, options)) {
 *   case AcceptedHandshake accepted -> accepted.upgrade(context, connection -> new Echo(connection));
 *   case RefusedHandshake refused -> context.writeAndFlush(refused.response());
 * }
 * }</pre>
 */
@NullMarked
package io.platformkit.realtime.websocket;

import org.jspecify.annotations.NullMarked;
