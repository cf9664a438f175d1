package io.platformkit.ml.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.platformkit.core.PlatformException;
import io.platformkit.core.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryArtifactsTest extends ArtifactStoreContract {
  private static final byte[] CONTENT = {1, 2, 3};

  @TempDir private Path directory;

  @Override
  protected ArtifactStore open() {
    return DirectoryArtifacts.in(directory.resolve("made").resolve("when-needed"));
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  @Test
  void theSameBytesAreOneFileAndNothingElseIsLeft(@TempDir Path folder) throws IOException {
    DirectoryArtifacts store = DirectoryArtifacts.in(folder);
    String location = store.put(Sha256.of(CONTENT), CONTENT);
    store.put(Sha256.of(CONTENT), CONTENT);
    assertThat(count(folder)).isEqualTo(1);
    assertThat(Files.readAllBytes(folder.resolve(location))).isEqualTo(CONTENT);
  }

  @Test
  void whatWasSpoiltIsWholeAfterItIsPutAgain(@TempDir Path folder) throws IOException {
    DirectoryArtifacts store = DirectoryArtifacts.in(folder);
    String location = store.put(Sha256.of(CONTENT), CONTENT);
    Files.write(folder.resolve(location), new byte[] {9, 9, 9});
    store.put(Sha256.of(CONTENT), CONTENT);
    assertThat(store.get(location))
        .hasValueSatisfying(found -> assertThat(found).isEqualTo(CONTENT));
  }

  @Test
  void aDirectoryMayBeMoved(@TempDir Path folder) throws IOException {
    Path before = folder.resolve("before");
    String location = DirectoryArtifacts.in(before).put(Sha256.of(CONTENT), CONTENT);
    Path after = Files.move(before, folder.resolve("after"));
    assertThat(DirectoryArtifacts.in(after).get(location)).isPresent();
  }

  @Test
  void unfinishedFilesGoAfterADay(@TempDir Path folder) throws IOException {
    SettableClock clock = SettableClock.create();
    Path old = Files.createFile(folder.resolve("old.part"));
    Path young = Files.createFile(folder.resolve("young.part"));
    Files.setLastModifiedTime(old, FileTime.from(clock.instant().minus(Duration.ofHours(25))));
    Files.setLastModifiedTime(young, FileTime.from(clock.instant().minus(Duration.ofHours(23))));
    DirectoryArtifacts unused = DirectoryArtifacts.in(folder, clock);
    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  @Test
  void aFileInTheWayIsNamed(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatExceptionOfType(PlatformException.class)
        .isThrownBy(() -> DirectoryArtifacts.in(file))
        .withMessageContaining(file.toString())
        .withCauseInstanceOf(IOException.class);
  }
}
