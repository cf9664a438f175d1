package io.platformkit.realtime.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.RawHttp;
import io.platformkit.core.http.Reception;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TakeoverIT extends NettyHttpCase {
  private static final String UPGRADE =
      "GET /echo?x=1 HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";
  private static final String SWITCHED = "HTTP/1.1 101 Switching Protocols\r\n";

  private final Echo echo = new Echo();

  /** A protocol of bytes that come back as they are. */
  private static final class Echo implements Takeover {
    private final List<Request> taken = new CopyOnWriteArrayList<>();
    private final CountDownLatch leaveHttp = new CountDownLatch(1);

    @Override
    public boolean wants(HttpRequest head) {
      return head.headers().contains("Upgrade", "echo", true);
    }

    @Override
    public void take(Handover connection) {
      Channel channel = connection.channel();
      channel.pipeline().addLast(new Echoing());
      taken.add(connection.request());
      ChannelFuture unused =
          channel.writeAndFlush(
              new DefaultFullHttpResponse(
                  HttpVersion.HTTP_1_1,
                  HttpResponseStatus.SWITCHING_PROTOCOLS,
                  Unpooled.EMPTY_BUFFER));
      if (connection.request().query("later").isPresent()) {
        Thread.startVirtualThread(() -> leaveLater(connection));
      } else {
        connection.leaveHttp();
      }
    }

    private void leaveLater(Handover connection) {
      try {
        leaveHttp.await();
        connection.channel().eventLoop().execute(connection::leaveHttp);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static final class Echoing extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ChannelFuture unused = context.writeAndFlush((ByteBuf) message);
    }
  }

  private NettyHttpServer start(Transport transport) throws Exception {
    return start(transport, options(FINE).takeover(echo));
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void whatComesBehindTheRequestIsNotLost(Transport transport) throws Exception {
    try (var raw = new RawHttp(start(transport).uri())) {
      raw.send(UPGRADE + "ahead");
      assertThat(raw.head()).startsWith(SWITCHED);
      assertThat(raw.in().readNBytes(5)).asString(UTF_8).isEqualTo("ahead");
      raw.send("more");
      assertThat(raw.in().readNBytes(4)).asString(UTF_8).isEqualTo("more");
    }
    assertThat(echo.taken).hasSize(1);
    assertThat(echo.taken.getFirst().query("x")).contains("1");
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void bytesWaitUntilHttpIsLeft(Transport transport) throws Exception {
    String large = "x".repeat(1 << 20);
    try (var raw = new RawHttp(start(transport).uri())) {
      raw.send(UPGRADE.replace("x=1", "later=1"));
      assertThat(raw.head()).startsWith(SWITCHED);
      Thread.startVirtualThread(() -> send(raw, large));
      echo.leaveHttp.countDown();
      assertThat(raw.in().readNBytes(large.length())).asString(UTF_8).isEqualTo(large);
    }
  }

  private static void send(RawHttp raw, String text) {
    try {
      raw.send(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void itMayComeAfterOtherRequests() throws Exception {
    try (var raw = new RawHttp(start(Transport.best()).uri())) {
      raw.send(GET + UPGRADE + "ahead");
      assertThat(raw.answer()).endsWith("fine");
      assertThat(raw.head()).startsWith(SWITCHED);
      assertThat(raw.in().readNBytes(5)).asString(UTF_8).isEqualTo("ahead");
    }
  }

  @Test
  void itHoldsNoSlotAndKnowsNoTimeout() throws Exception {
    NettyHttpServer server = start(Transport.best());
    try (var raw = new RawHttp(server.uri())) {
      assertThat(raw.send(UPGRADE).head()).startsWith(SWITCHED);
      assertThat(server.http().serving().slots().taken()).isZero();
      assertThat(server.phases()).isEmpty();
      timers.advance(Duration.ofHours(1));
      server.http().close();
      raw.send("still");
      assertThat(raw.in().readNBytes(5)).asString(UTF_8).isEqualTo("still");
    }
  }

  @Test
  void aDrainingServerHandsNothingOver() throws Exception {
    NettyHttpServer server = start(Transport.best());
    server.http().drain();
    try (var raw = new RawHttp(server.uri())) {
      assertThat(raw.send(UPGRADE).answer()).startsWith("HTTP/1.1 503");
    }
    assertThat(echo.taken).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nUpgrade: echo\r\n\r\n",
        "GET /%ff HTTP/1.1\r\nHost: h\r\nUpgrade: echo\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: echo\r\nContent-Length: 1\r\n\r\na",
        "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: echo\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
      })
  void aMalformedRequestIsRefusedBefore(String request) throws Exception {
    try (var raw = new RawHttp(start(Transport.best()).uri())) {
      assertThat(raw.send(request).answer()).startsWith("HTTP/1.1 4");
    }
    assertThat(echo.taken).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void itMayAnswerInsteadAndTheClientSeesAllOfIt(Transport transport) throws Exception {
    Problem problem = Problem.of(403, "not you");
    NettyHttpServer server =
        start(transport, options(FINE).takeover(always(c -> c.answer(Reception.refusal(problem)))));
    try (var raw = new RawHttp(server.uri())) {
      raw.send(UPGRADE + "x".repeat(100_000));
      assertThat(raw.untilEnd())
          .startsWith("HTTP/1.1 403")
          .containsIgnoringCase("connection: close")
          .containsIgnoringCase("date:")
          .endsWith("\"detail\":\"not you\"}");
    }
    awaitNoConnection(server);
    assertThat(meters.get("platform.realtime.http.requests").tag("status", "4xx").timer().count())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void oneThatOnlySendsSeesItsClientLeave(Transport transport) throws Exception {
    var left = new CountDownLatch(1);
    Takeover sending =
        always(connection -> {
          connection.ignoreInput();
          connection.channel().closeFuture().addListener(closed -> left.countDown());
          ChannelFuture unused =
              connection
                  .channel()
                  .writeAndFlush(
                      new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        });
    try (var raw = new RawHttp(start(transport, options(FINE).takeover(sending)).uri())) {
      assertThat(raw.send(UPGRADE).head()).startsWith("HTTP/1.1 200");
      raw.send("x".repeat(1 << 20));
    }
    left.await();
  }

  @Test
  void anAnswerToAClientThatHasLeftIsNoFailure() throws Exception {
    var answered = new CountDownLatch(1);
    Takeover late =
        always(c ->
            c.channel()
                .closeFuture()
                .addListener(closed -> {
                  c.answer(Response.text("late"));
                  answered.countDown();
                }));
    NettyHttpServer server = start(options(FINE).takeover(late));
    try (var raw = new RawHttp(server.uri())) {
      raw.send(UPGRADE);
    }
    answered.await();
    assertThat(server.phases()).isEmpty();
    assertThat(failures).isEmpty();
  }

  @Test
  void whatItThrowsEndsTheConnection() throws Exception {
    Takeover failing =
        always(connection -> {
          throw new IllegalStateException("expected by the test");
        });
    try (var raw = new RawHttp(start(options(FINE).takeover(failing)).uri())) {
      assertThat(raw.send(GET).untilEnd()).isEmpty();
    }
    await().until(() -> failures.equals(List.of("takeover of GET /")));
  }

  private static Takeover always(Consumer<Handover> action) {
    return new Takeover() {
      @Override
      public boolean wants(HttpRequest head) {
        return true;
      }

      @Override
      public void take(Handover connection) {
        action.accept(connection);
      }
    };
  }
}
