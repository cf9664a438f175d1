package io.platformkit.realtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutgoingMessageTest {
  private static final int MAX = 1 << 20;

  private final Zlib zlib = new Zlib();
  private final Compression compression = new Compression(15, 64, zlib);

  @ParameterizedTest
  @CsvSource({
    "0, 8200",
    "1, 8201",
    "125, 827d",
    "126, 827e007e",
    "65535, 827effff",
    "65536, 827f0000000000010000",
  })
  void theLengthTakesTheFewestBytes(int length, String head) {
    byte[] frame = OutgoingMessage.binary(new byte[length]).frame(null);

    assertThat(ByteBufUtil.hexDump(frame, 0, frame.length - length)).isEqualTo(head);
  }

  @Test
  void aMessageIsCompressedOnceWhoeverAsks() throws Exception {
    OutgoingMessage message = OutgoingMessage.text("again and ".repeat(1000));
    Set<byte[]> forms = Collections.newSetFromMap(new IdentityHashMap<>());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<byte[]> ask = () -> message.frame(compression);
      for (Future<byte[]> form : threads.invokeAll(Collections.nCopies(100, ask))) {
        forms.add(form.get());
      }
    }

    assertThat(forms).hasSize(1);
  }

  @Test
  void theCompressedFormInflatesToTheMessage() throws Exception {
    byte[] payload = "again and ".repeat(100).getBytes(StandardCharsets.UTF_8);
    byte[] frame = OutgoingMessage.binary(payload).frame(compression);

    assertThat(frame[0] & 0xFF).isEqualTo(0xC2);
    ByteBuf deflated = Unpooled.wrappedBuffer(frame).skipBytes(2);
    ByteBuf inflated = zlib.inflate(deflated, UnpooledByteBufAllocator.DEFAULT, MAX);
    assertThat(ByteBufUtil.getBytes(inflated)).isEqualTo(payload);
    inflated.release();
  }

  @Test
  void smallMessagesAreNotCompressed() {
    OutgoingMessage message = OutgoingMessage.text("a".repeat(63));

    assertThat(message.frame(compression)).isSameAs(message.frame(null));
  }

  @Test
  void whatDoesNotGetSmallerIsSentAsItIs() {
    byte[] noise = new byte[1000];
    new SplittableRandom(1).nextBytes(noise);
    OutgoingMessage message = OutgoingMessage.binary(noise);

    assertThat(message.frame(compression)).isSameAs(message.frame(null));
  }

  @Test
  void aMessageBeyondAClientsSmallerWindowIsNotCompressed() {
    Compression small = new Compression(9, 64, zlib);
    OutgoingMessage within = OutgoingMessage.text("a".repeat(512));
    OutgoingMessage beyond = OutgoingMessage.text("a".repeat(513));

    assertThat(within.frame(small)).hasSizeLessThan(100);
    assertThat(beyond.frame(small)).isSameAs(beyond.frame(null));
    assertThat(beyond.frame(compression)).hasSizeLessThan(100);
  }

  @Test
  void changingTheBytesLaterDoesNotChangeTheMessage() {
    byte[] payload = {1, 2, 3};
    OutgoingMessage message = OutgoingMessage.binary(payload);
    Arrays.fill(payload, (byte) 0);

    assertThat(message.frame(null)).endsWith(1, 2, 3);
    assertThat(message.size()).isEqualTo(3);
  }

  @Test
  void connectionsOfOneKindShareABatchWhoeverComesFirst() {
    UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    List<OutgoingMessage> messages =
        List.of(OutgoingMessage.text("a".repeat(900)), OutgoingMessage.text("b".repeat(90)));
    try (MessageBatch batch = MessageBatch.of(allocator, messages)) {
      ByteBuf limited = batch.frames(new Compression(9, 64, zlib));
      ByteBuf first = batch.frames(compression);
      ByteBuf second = batch.frames(compression);
      ByteBuf plain = batch.frames(null);

      assertThat(second.unwrap()).isSameAs(first.unwrap());
      assertThat(limited.readableBytes()).isBetween(900, 990);
      assertThat(first.readableBytes()).isLessThan(100);
      assertThat(plain.readableBytes()).isEqualTo(4 + 900 + 2 + 90);
      List.of(limited, first, second, plain).forEach(ByteBuf::release);
    }
    assertThat(allocator.metric().usedHeapMemory()).isZero();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }
}
