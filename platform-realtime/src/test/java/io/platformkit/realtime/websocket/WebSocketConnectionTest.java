package io.platformkit.realtime.websocket;

import static io.platformkit.realtime.websocket.Wire.FIN;
import static io.platformkit.realtime.websocket.Wire.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.WriteBufferWaterMark;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class WebSocketConnectionTest {
  private static final byte[] NOTHING = {};

  private Served served = Served.with(WebSocketOptions.defaults());

  @AfterEach
  void nothingIsLeftAllocated() {
    served.close();
    assertThat(served.allocated()).isZero();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void serve(WebSocketOptions options, String... headers) {
    served.close();
    served = Served.with(options, headers);
  }

  @Nested
  class Receiving {
    @Test
    void messagesOfOneReadComeInOrder() {
      served.receive(Wire.text("a"), Wire.binary(new byte[] {1, 2}), Wire.text(""));

      assertThat(served.heard()).containsExactly("text a", "binary 0102", "text ");
    }

    @Test
    void framesThatCameWithTheHandshakeAreNotLost() {
      served.close();
      served = Served.atOnceWith(Wire.text("first"));

      assertThat(served.heard()).containsExactly("text first");
    }

    @Test
    void fragmentsBecomeOneMessageAroundControlFrames() {
      served.receive(frame(0x1, utf8("on")), Wire.ping("?"), frame(0x0, NOTHING));
      served.receive(frame(FIN | 0xA, utf8("!")), frame(FIN, utf8("e")));

      assertThat(served.heard()).containsExactly("pong !", "text one");
      assertThat(served.nextFrame()).isEqualTo("8a ?");
    }

    @Test
    void aMessageOfTheGreatestSizeIsTaken() {
      serve(WebSocketOptions.builder().maxMessageBytes(200).build());

      served.receive(Wire.text("x".repeat(200)));
      served.receive(frame(0x1, utf8("x".repeat(150))), frame(FIN, utf8("x".repeat(50))));

      assertThat(served.heard()).hasSize(2).containsOnly("text " + "x".repeat(200));
    }

    @Test
    void memoryGrowsWithWhatHasArrivedAndNotWithWhatWasAnnounced() {
      served.receive(Wire.head16(FIN | 0x2, 60_000), new byte[10]);

      assertThat(served.allocated()).isLessThan(1000);
    }

    @Test
    void anUnfinishedMessageIsDroppedWithTheConnection() {
      served.receive(frame(0x2, utf8("half")), Wire.head16(FIN, 1000), utf8("a frame"));
      served.connection().cut();

      assertThat(served.heard()).containsExactly("close 1006");
    }

    @Test
    void nothingIsReadWhileReadingPauses() {
      served.connection().pauseReading();
      assertThat(served.channel().config().isAutoRead()).isFalse();

      served.connection().resumeReading();
      assertThat(served.channel().config().isAutoRead()).isTrue();
    }
  }

  @Nested
  class Sending {
    @Test
    void theListenerMaySendFromItsBeginning() {
      served.close();
      served =
          Served.with(
              WebSocketOptions.defaults(),
              opened -> {
                opened.connection().send(OutgoingMessage.text("welcome"));
                return new Served.Recorder(opened);
              });

      assertThat(served.nextFrame()).isEqualTo("81 welcome");
    }

    @Test
    void messagesGoOutAsWholeUnmaskedFrames() {
      served.connection().send(OutgoingMessage.text("grüße"));
      served.connection().send(OutgoingMessage.binary(utf8("b")));

      assertThat(served.nextFrame()).isEqualTo("81 grüße");
      assertThat(served.nextFrame()).isEqualTo("82 b");
    }

    @Test
    void whatIsWrittenWaitsForTheFlush() {
      served.connection().write(OutgoingMessage.text("a"));
      assertThat(served.nextFrame()).isEqualTo("nothing");
      assertThat(served.connection().pendingBytes()).isPositive();

      served.connection().flush();
      assertThat(served.nextFrame()).isEqualTo("81 a");
      assertThat(served.connection().pendingBytes()).isZero();
    }

    @Test
    void aBatchIsOneBufferForAllConnections() {
      List<OutgoingMessage> messages =
          List.of(OutgoingMessage.text("a"), OutgoingMessage.text("b"));
      try (MessageBatch batch = MessageBatch.of(served.channel().alloc(), messages)) {
        served.connection().write(batch);
        long once = served.allocated();
        served.connection().write(batch);
        assertThat(served.allocated()).isEqualTo(once);
      }
      served.connection().flush();

      assertThat(served.nextFrame()).isEqualTo("81 a");
      assertThat(served.nextFrame()).isEqualTo("81 b");
      assertThat(served.nextFrame()).isEqualTo("81 a");
      assertThat(served.nextFrame()).isEqualTo("81 b");
    }

    @Test
    void aPingIsSentAndHasABound() {
      served.connection().ping(utf8("?"));

      assertThat(served.nextFrame()).isEqualTo("89 ?");
      assertThatThrownBy(() -> served.connection().ping(new byte[126]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("payload had 126 bytes but it must have at most 125");
    }

    @Test
    void aClientThatReadsNothingGetsTheLastPongAlone() {
      served.channel().config().setWriteBufferWaterMark(new WriteBufferWaterMark(100, 200));
      served.connection().write(OutgoingMessage.binary(new byte[300]));
      served.receive(Wire.ping("1"), Wire.ping("2"), Wire.ping("3"));
      served.connection().flush();

      assertThat(served.nextFrame()).startsWith("82 ");
      assertThat(served.nextFrame()).isEqualTo("8a 3");
      assertThat(served.nextFrame()).isEqualTo("nothing");
      assertThat(served.heard()).containsExactly("not writable", "writable");
    }
  }

  @Nested
  class Closing {
    @Test
    void theClientsCloseIsAnsweredWithItsCode() {
      served.receive(Wire.close(4001, "bye"), Wire.text("too late"));

      assertThat(served.nextFrame()).isEqualTo("close 4001");
      assertThat(served.heard()).containsExactly("close 4001 bye");
      assertThat(served.channel().isActive()).isFalse();
    }

    @Test
    void aCloseWithoutACodeIsAnsweredWithoutOne() {
      served.receive(frame(FIN | 0x8, NOTHING));

      assertThat(served.nextFrame()).isEqualTo("close");
      assertThat(served.heard()).containsExactly("close 1005");
    }

    @Test
    void oursWaitsForTheClientsAndDropsWhatComesBefore() {
      served.connection().close(4000, "enough");
      assertThat(served.nextFrame()).isEqualTo("close 4000 enough");
      served.receive(Wire.text("dropped"), Wire.ping("dropped"));
      assertThat(served.channel().isActive()).isTrue();

      served.receive(Wire.close(4000, ""));

      assertThat(served.nextFrame()).isEqualTo("nothing");
      assertThat(served.heard()).containsExactly("close 4000 enough");
      assertThat(served.channel().isActive()).isFalse();
    }

    @Test
    void whatIsWrittenAfterwardsIsDropped() {
      served.connection().close(1000, "");
      served.connection().send(OutgoingMessage.text("a"));
      served.connection().ping(NOTHING);
      served.connection().close(1001, "");

      assertThat(served.nextFrame()).isEqualTo("close 1000");
      assertThat(served.nextFrame()).isEqualTo("nothing");
      assertThat(served.connection().isOpen()).isFalse();
    }

    @Test
    void aClientThatDoesNotAnswerIsCutWhenTheTimeIsUp() {
      served.connection().close(1001, "");
      served.channel().advanceTimeBy(4999, TimeUnit.MILLISECONDS);
      served.channel().runPendingTasks();
      assertThat(served.channel().isActive()).isTrue();

      served.channel().advanceTimeBy(1, TimeUnit.MILLISECONDS);
      served.channel().runPendingTasks();

      assertThat(served.channel().isActive()).isFalse();
      assertThat(served.heard()).containsExactly("close 1001");
    }

    @Test
    void aPausedConnectionReadsTheAnswer() {
      served.connection().pauseReading();
      served.connection().close(1001, "");
      served.connection().pauseReading();

      assertThat(served.channel().config().isAutoRead()).isTrue();
    }

    @Test
    void aCutIsToldAsSuchAndOnce() {
      served.connection().cut();
      served.connection().cut();

      assertThat(served.heard()).containsExactly("close 1006");
      assertThat(served.nextFrame()).isEqualTo("nothing");
    }

    @Test
    void aViolationWhileClosingIsNotAnsweredAgain() {
      served.connection().close(1001, "");
      served.receive(new byte[] {0x70, 0x00});

      assertThat(served.nextFrame()).isEqualTo("close 1001");
      assertThat(served.nextFrame()).isEqualTo("nothing");
      assertThat(served.heard()).containsExactly("close 1001");
    }

    @Test
    void codesAndReasonsThatMustNotBeSentAreRefused() {
      assertThatThrownBy(() -> served.connection().close(1006, ""))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("code was '1006' but it must be one that may be sent");
      assertThatThrownBy(() -> served.connection().close(1000, "x".repeat(124)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("reason had 124 bytes but it must have at most 123");
    }
  }

  @Test
  void aClientThatLeavesBeforeItsAnswerIsToldAsCut() {
    served.close();
    served = Served.goneBeforeTheAnswer();

    assertThat(served.heard()).containsExactly("close 1006");
    assertThat(served.connection().isOpen()).isFalse();
  }

  @Nested
  class WhenTheListenerFails {
    private final List<String> failures = new ArrayList<>();
    private final WebSocketOptions options =
        WebSocketOptions.builder()
            .errorHandler((where, failure) -> failures.add(failure.getMessage()))
            .build();

    @Test
    void theErrorHandlerIsToldAndTheConnectionClosed() {
      served.close();
      served = Served.with(options, Failing::new);
      served.receive(Wire.text("a"), Wire.text("b"));

      assertThat(failures).containsExactly("listener's fault");
      assertThat(served.nextFrame()).isEqualTo("close 1011");
      served.receive(Wire.close(1011, ""));
      assertThat(served.heard()).containsExactly("close 1011");
    }

    @Test
    void aListenerThatCannotBeMadeClosesTheConnection() {
      served.close();
      served =
          Served.with(
              options,
              connection -> {
                throw new IllegalStateException("no listener");
              });

      assertThat(failures).containsExactly("no listener");
      assertThat(served.nextFrame()).isEqualTo("close 1011");
    }
  }

  private static final class Failing implements WebSocketListener {
    private final WebSocketListener recorder;

    Failing(Served served) {
      recorder = new Served.Recorder(served);
    }

    @Override
    public void onText(ByteBuf utf8) {
      throw new IllegalStateException("listener's fault");
    }

    @Override
    public void onBinary(ByteBuf payload) {
      recorder.onBinary(payload);
    }

    @Override
    public void onClose(int code, String reason) {
      recorder.onClose(code, reason);
    }
  }
}
