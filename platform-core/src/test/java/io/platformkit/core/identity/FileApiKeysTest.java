package io.platformkit.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.platformkit.core.PlatformException;
import io.platformkit.core.identity.Authentication.Authenticated;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileApiKeysTest extends ApiKeysContract {
  @TempDir private Path folder = Path.of("");

  private Path file() {
    return folder.resolve("keys.json");
  }

  @Override
  protected ApiKeys.Builder place() {
    return ApiKeys.builder(file());
  }

  @Test
  void theFileIsForItsOwnerAloneAndHoldsNoSecret() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(file()).content().doesNotContain(right().secret().substring(20));
  }

  @Test
  void aKeyThatAnotherProcessMadeOrRevokedIsSeenAtOnce() {
    ApiKeys other = place().clock(clock).build();
    NewApiKey made = other.create(owner());
    Credentials shown = Credentials.apiKey(made.secret());
    assertThat(keys().authenticate(shown, PEER)).isInstanceOf(Authenticated.class);
    assertThat(other.revoke(made.key().id())).isTrue();
    assertThat(keys().authenticate(shown, PEER)).isNotInstanceOf(Authenticated.class);
    assertThat(keys().authenticate(right(), PEER)).isInstanceOf(Authenticated.class);
  }

  @Test
  void aFileThatMakesNoSenseIsCountedOnceAndNotTakenOver() throws IOException {
    var meters = new SimpleMeterRegistry();
    ApiKeys watching = place().clock(clock).meterRegistry(meters).build();
    String good = Files.readString(file());
    replace("{\"keys\": [{\"id\": \"../../etc\"}]}");
    assertThat(watching.authenticate(right(), PEER)).isInstanceOf(Authenticated.class);
    assertThat(watching.authenticate(right(), PEER)).isInstanceOf(Authenticated.class);
    assertThat(refused(meters)).isEqualTo(1);
    assertThatExceptionOfType(PlatformException.class)
        .isThrownBy(() -> watching.create(owner()))
        .withMessageContaining("id must be 16 hexadecimal digits");
    replace(good);
    assertThat(watching.authenticate(right(), PEER)).isInstanceOf(Authenticated.class);
    assertThat(watching.create(owner())).isNotNull();
    assertThat(refused(meters)).isEqualTo(1);
  }

  @Test
  void aFileThatIsGoneLeavesTheKeysThatWereThere() throws IOException {
    Files.delete(file());
    assertThat(keys().authenticate(right(), PEER)).isInstanceOf(Authenticated.class);
  }

  @Test
  void aFileThatMakesNoSenseAtTheStartIsRefused() throws IOException {
    replace("[]");
    assertThatExceptionOfType(PlatformException.class)
        .isThrownBy(() -> place().build())
        .withMessageContaining("keys.json was not read");
  }

  private ApiKeys keys() {
    return (ApiKeys) authenticator();
  }

  private void replace(String text) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), text);
    Files.move(next, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static double refused(SimpleMeterRegistry meters) {
    return meters.counter("platform.core.identity.file.refused", "file", "api-keys").count();
  }
}
