package io.platformkit.realtime.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestDecoderTest {
  private static final long SEED = 20261121;
  private static final String REQUESTS =
      """
      GET /first?x=1 HTTP/1.1
      Host: h

      POST /second HTTP/1.1
      Host: h
      Content-Length: 5

      helloPOST /third HTTP/1.1
      Host: h
      Transfer-Encoding: chunked

      3;x=y
      abc
      2
      de
      0
      Trailer: z

      GET /fourth HTTP/1.1
      Host: h

      """
          .replace("\n", "\r\n");
  private static final List<String> DECODED =
      List.of("GET /first?x=1 ", "POST /second hello", "POST /third abcde", "GET /fourth ");

  private final RequestDecoder decoder = new RequestDecoder(HttpOptions.defaults());
  private final EmbeddedChannel channel = new EmbeddedChannel(decoder);

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void oneRequestIsDecodedAndTheNextOnesWait() throws Exception {
    feed(REQUESTS);
    assertThat(decoded()).containsExactly("GET /first?x=1 ");
    assertThat(channel.config().isAutoRead()).isFalse();
    decoder.goOn();
    assertThat(decoded()).containsExactly("POST /second hello");
    assertThat(channel.config().isAutoRead()).isFalse();
    decoder.goOn();
    decoder.goOn();
    assertThat(decoded()).containsExactly("POST /third abcde", "GET /fourth ");
    decoder.goOn();
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  void whatWaitsIsHandedOnWhenItIsRemoved() {
    feed(REQUESTS);
    channel.releaseInbound();
    channel.pipeline().remove(decoder);
    ByteBuf rest = channel.readInbound();
    assertThat(rest.toString(ISO_8859_1))
        .isEqualTo(REQUESTS.substring(REQUESTS.indexOf("POST /second")));
    rest.release();
  }

  @Test
  void itKnowsWhetherARequestHasBegun() throws Exception {
    assertThat(decoder.hasBegun()).isFalse();
    feed("GET / HTTP/1.1\r\n");
    assertThat(decoder.hasBegun()).isTrue();
    feed("Host: h\r\n\r\n");
    assertThat(decoder.hasBegun()).isFalse();
    decoder.goOn();
    feed("\r\n");
    assertThat(decoder.hasBegun()).isTrue();
  }

  @Test
  void howBytesAreCutChangesNothing() throws Exception {
    RandomGenerator random = new SplittableRandom(SEED);
    for (int run = 0; run < 300; run++) {
      var fresh = new RequestDecoder(HttpOptions.defaults());
      var wire = new EmbeddedChannel(fresh);
      List<String> seen = new ArrayList<>();
      int from = 0;
      while (from < REQUESTS.length()) {
        int to = Math.min(REQUESTS.length(), from + 1 + random.nextInt(40));
        wire.writeInbound(bytes(REQUESTS.substring(from, to)));
        from = to;
        drain(wire, fresh, seen);
      }
      assertThat(seen).as("run %d of seed %d", run, SEED).isEqualTo(DECODED);
      wire.finishAndReleaseAll();
    }
  }

  @Test
  void nothingThatComesInIsThrown() throws Exception {
    RandomGenerator random = new SplittableRandom(SEED);
    for (int run = 0; run < 3000; run++) {
      byte[] mutated = REQUESTS.getBytes(ISO_8859_1);
      for (int i = 0; i < 1 + run % 5; i++) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
      var fresh = new RequestDecoder(HttpOptions.defaults());
      var wire = new EmbeddedChannel(fresh);
      wire.writeInbound(Unpooled.wrappedBuffer(mutated));
      List<String> seen = new ArrayList<>();
      drain(wire, fresh, seen);
      wire.checkException();
      assertThat(seen).as("run %d of seed %d", run, SEED).hasSizeBetween(0, DECODED.size() + 2);
      wire.finishAndReleaseAll();
    }
  }

  private void feed(String text) {
    channel.writeInbound(bytes(text));
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, ISO_8859_1);
  }

  /** Asks for the next request whenever one is whole, and reads all of them. */
  private static void drain(EmbeddedChannel wire, RequestDecoder decoder, List<String> seen)
      throws Exception {
    for (HttpObject next = wire.readInbound(); next != null; next = wire.readInbound()) {
      read(next, seen);
      if (next instanceof LastHttpContent && next.decoderResult().isSuccess()) {
        decoder.goOn();
      }
    }
  }

  private List<String> decoded() {
    List<String> requests = new ArrayList<>();
    for (HttpObject next = channel.readInbound(); next != null; next = channel.readInbound()) {
      read(next, requests);
    }
    return requests;
  }

  private static void read(HttpObject message, List<String> requests) {
    if (message instanceof HttpRequest head) {
      requests.add(head.method() + " " + head.uri() + " ");
    }
    if (message instanceof HttpContent content) {
      requests.add(requests.removeLast() + content.content().toString(ISO_8859_1));
    }
    ReferenceCountUtil.release(message);
  }
}
