package io.platformkit.examples.modelserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.platformkit.examples.commandline.UsageException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerOptionsTest {
  @TempDir Path folder;

  @Test
  void withoutArgumentsItServesThisMachineAlone() {
    ServerOptions options = ServerOptions.parse();

    assertThat(options.bind().isLoopbackAddress()).isTrue();
    assertThat(options.port()).isEqualTo(ServerOptions.DEFAULT_PORT);
    assertThat(options.folder()).isAbsolute().endsWithRaw(Path.of(ServerOptions.DEFAULT_FOLDER));
    assertThat(options.keys()).isEmpty();
  }

  @Test
  void withKeysItMayServeOthers() {
    String keys = folder.resolve("keys.json").toString();

    ServerOptions options = ServerOptions.parse("--bind", "0.0.0.0", "--keys", keys);

    assertThat(options.bind().isAnyLocalAddress()).isTrue();
    assertThat(options.keys()).contains(Path.of(keys));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--prot 1 | '--prot' is not an option of the model server; see --help",
        "--port | --port needs a number: --port 8082",
        "--bind 0.0.0.0 | --bind was '0.0.0.0' but beyond this machine callers need keys: add --keys FILE",
      })
  void aFaultIsOneLineThatSaysWhatToDo(String line, String message) {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> ServerOptions.parse(line.split(" ")))
        .withMessage(message);
  }
}
