package io.platformkit.ml.registry;

import io.platformkit.core.PlatformException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Artifacts as files of a directory, named after their hash: the same bytes are one file. A file is
 * written beside its place, forced to the disk and then moved there in one step. A location is the
 * file's name alone, so the directory may be moved, or be mounted elsewhere on another node.
 */
public final class DirectoryArtifacts implements ArtifactStore {
  private static final String UNFINISHED = ".part";
  private static final Duration ABANDONED = Duration.ofDays(1);
  private static final Pattern LOCATION = Pattern.compile("[0-9a-f]{64}");

  private final Path directory;

  private DirectoryArtifacts(Path directory) {
    this.directory = directory;
  }

  /**
   * In a directory, which is made if it is not there. Files that a crash left unfinished more than
   * a day ago are removed.
   *
   * @throws PlatformException if it can't be made or read
   */
  public static DirectoryArtifacts in(Path directory) {
    return in(directory, InstantSource.system());
  }

  static DirectoryArtifacts in(Path directory, InstantSource clock) {
    Objects.requireNonNull(directory, "directory");
    try {
      Files.createDirectories(directory);
      removeAbandoned(directory, clock.instant().minus(ABANDONED));
    } catch (IOException e) {
      throw new PlatformException(
          "directory '%s' can't be used for artifacts".formatted(directory), e);
    }
    return new DirectoryArtifacts(directory);
  }

  private static void removeAbandoned(Path directory, Instant old) throws IOException {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, "*" + UNFINISHED)) {
      for (Path part : parts) {
        if (Files.getLastModifiedTime(part).toInstant().isBefore(old)) {
          Files.deleteIfExists(part);
        }
      }
    }
  }

  @Override
  public String put(String sha256, byte[] content) throws IOException {
    Path place = directory.resolve(Artifact.requireSha256(sha256));
    if (!holds(place, content)) {
      Path part = directory.resolve("%s.%s%s".formatted(sha256, UUID.randomUUID(), UNFINISHED));
      try {
        write(part, content);
        Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    }
    force(directory);
    return sha256;
  }

  private static boolean holds(Path place, byte[] content) throws IOException {
    return Files.exists(place)
        && Files.size(place) == content.length
        && Arrays.equals(Files.readAllBytes(place), content);
  }

  private static void write(Path file, byte[] content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
  }

  /** Makes the move itself last. Windows has no such thing, and moves that last. */
  private static void force(Path directory) throws IOException {
    if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows")) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  @Override
  public Optional<byte[]> get(String location) throws IOException {
    if (!LOCATION.matcher(location).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readAllBytes(directory.resolve(location)));
    } catch (NoSuchFileException nothingThere) {
      return Optional.empty();
    }
  }
}
