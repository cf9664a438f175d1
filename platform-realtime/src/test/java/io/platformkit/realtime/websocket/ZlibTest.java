package io.platformkit.realtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZlibTest {
  private static final int MAX = 60 * 1024;
  private static final int TEN_MEGABYTES = 10_000_000;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
  private final Zlib zlib = new Zlib();

  /**
   * RFC 7692 §7.2.3: one block, two fragments' worth, no compression, a final block, two blocks.
   */
  @ParameterizedTest
  @CsvSource({
    "f248cdc9c90700, Hello",
    "000500faff48656c6c6f00, Hello",
    "f348cdc9c9070000, Hello",
    "f24805000000ffffcac9c90700, Hello",
    "f348cdc9c90700f248cdc9c90700, HelloHello",
    "00, ''",
  })
  void theExamplesOfTheRfcInflate(String hex, String text) throws Exception {
    ByteBuf inflated = inflate(HexFormat.of().parseHex(hex));

    assertThat(inflated.toString(StandardCharsets.UTF_8)).isEqualTo(text);
    inflated.release();
    assertThat(allocator.metric().usedHeapMemory()).isZero();
  }

  private ByteBuf inflate(byte[] compressed) throws ViolationException {
    return zlib.inflate(Unpooled.wrappedBuffer(compressed), allocator, MAX);
  }

  @Test
  void aMessageOfTheGreatestSizeInflates() throws Exception {
    ByteBuf inflated = inflate(Wire.deflated(new byte[MAX]));

    assertThat(ByteBufUtil.getBytes(inflated)).isEqualTo(new byte[MAX]);
    inflated.release();
  }

  @Test
  void finalBlocksAreNotTakenWithoutEnd() throws Exception {
    inflate(finalBlocks(1024)).release();

    assertThatThrownBy(() -> inflate(finalBlocks(1025)))
        .hasMessageStartingWith("compressed data was damaged");
    assertThat(allocator.metric().usedHeapMemory()).isZero();
  }

  /** Empty final blocks, and the byte that goes behind the last one. */
  private static byte[] finalBlocks(int count) {
    byte[] blocks = new byte[2 * count + 1];
    for (int i = 0; i < count; i++) {
      blocks[2 * i] = 3;
    }
    return blocks;
  }

  @Test
  void aBombAllocatesLessThanTwiceTheBound() {
    byte[] bomb = Wire.deflated(new byte[TEN_MEGABYTES]);
    assertThat(bomb.length).isLessThan(MAX / 4);
    assertThat(isRefused(bomb)).isTrue();

    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    boolean refused = isRefused(bomb);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(refused).isTrue();
    assertThat(allocated).isLessThan(2 * MAX);
    assertThat(allocator.metric().usedHeapMemory()).isZero();
  }

  private boolean isRefused(byte[] compressed) {
    try {
      inflate(compressed).release();
      return false;
    } catch (ViolationException e) {
      return e.code() == CloseCode.TOO_BIG;
    }
  }
}
