package io.platformkit.examples.opsconsole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.platformkit.examples.commandline.UsageException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleOptionsTest {
  @Test
  void withoutFlagsThePortIs8080AndThereIsNoHistory() {
    assertThat(ConsoleOptions.parse()).isEqualTo(options(8080, 0));
  }

  private static ConsoleOptions options(int port, int historyPoints) {
    return new ConsoleOptions(
        InetAddress.getLoopbackAddress(),
        port,
        historyPoints,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void flagsComeInAnyOrder() {
    assertThat(ConsoleOptions.parse("--preload-year", "--port", "9090"))
        .isEqualTo(options(9090, 31_536_000));
  }

  @Test
  void beyondThisMachineItNeedsKeys(@TempDir Path folder) throws UnknownHostException {
    for (String address : new String[] {"0.0.0.0", "::", "192.0.2.7"}) {
      assertThatThrownBy(() -> ConsoleOptions.parse("--bind", address))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("needs a login: add --keys FILE");
    }
    String keys = folder.resolve("keys.json").toString();
    assertThat(ConsoleOptions.parse("--bind", "0.0.0.0", "--keys", keys).bind())
        .isEqualTo(InetAddress.getByName("0.0.0.0"));
    assertThat(ConsoleOptions.parse("--bind", "127.0.0.2").keys()).isEmpty();
  }

  @Test
  void theHistoryIsAFileThatNeedNotExist(@TempDir Path folder) {
    Path file = folder.resolve("console.db");

    assertThat(ConsoleOptions.parse("--history", file.toString()).history()).contains(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--prot", "8080", "--port=8080", "-p"})
  void anUnknownFlagIsRefused(String flag) {
    assertThatThrownBy(() -> ConsoleOptions.parse(flag))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("'%s' is not an option".formatted(flag));
  }
}
