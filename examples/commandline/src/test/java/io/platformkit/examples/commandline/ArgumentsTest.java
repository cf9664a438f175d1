package io.platformkit.examples.commandline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
  @TempDir Path folder;

  private static <T> T read(Function<Arguments, T> kind, String... args) {
    Arguments arguments = new Arguments(args);
    assertThat(arguments.next()).isEqualTo(args[0]);
    T value = kind.apply(arguments);
    assertThat(arguments.hasNext()).isFalse();
    return value;
  }

  private static void assertRefused(
      Function<Arguments, ?> kind, String flag, String value, String rule) {
    assertThatThrownBy(() -> read(kind, flag, value))
        .isInstanceOf(UsageException.class)
        .hasMessage("%s was '%s' but it must be %s", flag, value, rule);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8080, 65_535})
  void aPortMayBeAnyOfThem(int port) {
    int given = read(rest -> rest.port("--port 1"), "--port", String.valueOf(port));
    assertThat(given).isEqualTo(port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "65536", "http", "", "8080.0", "999999999999"})
  void aPortOutOfRangeIsRefusedWithTheRule(String port) {
    assertRefused(rest -> rest.port("--port 1"), "--port", port, "a whole number from 0 to 65535");
  }

  @Test
  void anAddressMayBeANameOrANumber() {
    assertThat(read(rest -> rest.address(""), "--bind", "localhost").isLoopbackAddress()).isTrue();
    assertThat(read(rest -> rest.address(""), "--bind", "::").isAnyLocalAddress()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no such host", "256.1.1.1"})
  void anAddressThatIsNoneIsRefused(String address) {
    assertRefused(rest -> rest.address(""), "--bind", address, "an address of this machine");
  }

  @Test
  void aFileNeedNotExistButItsFolderMust() {
    Path file = folder.resolve("keys.json");
    String missing = folder.resolve("missing").resolve("keys.json").toString();

    Path given = read(rest -> rest.file(""), "--keys", file.toString());
    assertThat(given).isEqualTo(file);
    for (String wrong : new String[] {missing, folder.toString(), ""}) {
      assertRefused(rest -> rest.file(""), "--keys", wrong, "a file in a folder that exists");
    }
  }

  @Test
  void aFolderNeedNotExistButMustNotBeAFile() throws Exception {
    Path fresh = folder.resolve("new");
    String file = Files.createFile(folder.resolve("file")).toString();

    Path given = read(rest -> rest.folder(""), "--folder", fresh.toString());
    assertThat(given).isEqualTo(fresh);
    for (String wrong : new String[] {file, ""}) {
      assertRefused(
          rest -> rest.folder(""), "--folder", wrong, "a folder, or one that can be made");
    }
  }

  @Test
  void aFlagWithoutItsValueSaysWhatItNeeds() {
    assertThatThrownBy(() -> read(rest -> rest.port("--port 8081"), "--port"))
        .isInstanceOf(UsageException.class)
        .hasMessage("--port needs a number: --port 8081");
  }

  @Test
  void anUnknownFlagIsNamed() {
    Arguments arguments = new Arguments("--prot");
    arguments.next();

    assertThat(arguments.unknown("the console"))
        .hasMessage("'--prot' is not an option of the console; see --help");
  }
}
