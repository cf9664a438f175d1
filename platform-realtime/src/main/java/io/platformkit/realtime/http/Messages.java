package io.platformkit.realtime.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** Pieces of answers as Netty writes them: as few objects, and packets, as can be. */
final class Messages {
  private Messages() {}

  /**
   * Writes the next bytes of an answer; they wait for a flush.
   *
   * @param head of the answer, if these are its first
   * @param last whether these are its last
   */
  static ChannelFuture write(
      ChannelHandlerContext context, @Nullable AnswerHead head, ByteBuf bytes, boolean last) {
    if (head == null) {
      return context.write(
          last ? new DefaultLastHttpContent(bytes) : new DefaultHttpContent(bytes));
    }
    if (last) {
      return context.write(whole(head.message(), bytes));
    }
    ChannelFuture unused = context.write(head.message());
    return context.write(new DefaultHttpContent(bytes));
  }

  private static FullHttpResponse whole(HttpResponse head, ByteBuf body) {
    return new DefaultFullHttpResponse(
        head.protocolVersion(), head.status(), body, head.headers(), EmptyHttpHeaders.INSTANCE);
  }

  /** Asks for the body that the client has kept back. */
  static ChannelFuture writeContinue(ChannelHandlerContext context) {
    return context.writeAndFlush(
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
  }
}
