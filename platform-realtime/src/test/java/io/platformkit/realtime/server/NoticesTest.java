package io.platformkit.realtime.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.platformkit.core.Bounds;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.realtime.Audience;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NoticesTest {
  private static final byte[] BODY = "{\"ä\":1}".getBytes(UTF_8);

  static Stream<Notice> notices() {
    return Stream.of(
        new Notice.Told(Audience.topic("room/ä"), Optional.of("s1"), "line", BODY),
        new Notice.Told(Audience.user("ann"), Optional.empty(), "line", BODY),
        new Notice.Told(Audience.everyone(), Optional.empty(), "line", new byte[0]),
        new Notice.Revoked("ann"),
        new Notice.Posted("s7", "node", "session", Optional.of("ann"), BODY),
        new Notice.Posted("s7", "node", "session", Optional.empty(), BODY),
        new Notice.Received("s7", Receipt.GONE));
  }

  @ParameterizedTest
  @MethodSource("notices")
  void whatOneNodeSaysAnotherReads(Notice notice) {
    assertThat(Notices.decode(Notices.encode(notice))).usingRecursiveComparison().isEqualTo(notice);
  }

  @Test
  void theLargestCommandFitsTheBusWhoeverSendsIt() {
    SessionIds ids = new SessionIds();
    String caller = "x".repeat(Bounds.NAME_BYTES);
    byte[] command = new byte[NodeBus.MAX_COMMAND];

    byte[] notice =
        Notices.encode(
            new Notice.Posted(
                "s" + Long.MAX_VALUE, ids.node(), ids.next(), Optional.of(caller), command));

    assertThat(notice).hasSizeLessThanOrEqualTo(MessageBus.MAX_BYTES);
  }

  @Test
  void whatAnotherVersionSaysIsNotGuessed() {
    byte[] notice = Notices.encode(new Notice.Revoked("ann"));
    byte[] other = notice.clone();
    other[0] = 99;
    assertThatThrownBy(() -> Notices.decode(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("format was '99' but this version reads '1'");
    byte[] unknown = notice.clone();
    unknown[1] = 99;
    assertThatThrownBy(() -> Notices.decode(unknown)).hasMessageContaining("kind was '99'");
    assertThatThrownBy(() -> Notices.decode(new byte[] {1, 4, 0}))
        .hasMessage("a notice of 3 bytes was cut short");
  }
}
