package io.platformkit.core;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file whose content is read again when it has changed. What cannot be read or makes no sense is
 * logged once and not taken over: what was read before stays. Safe for concurrent use; no thread,
 * the file is looked at when it is asked for.
 *
 * <p>Replace the file by moving another one over it: a file that is written in place may be read
 * half.
 */
public final class WatchedFile<T> {
  private static final Logger log = LoggerFactory.getLogger(WatchedFile.class);

  private final Path file;
  private final int maxBytes;
  private final Parser<T> parser;
  private final Runnable onRefused;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile Content<T> content;

  private record Content<T>(T value, Optional<Stamp> stamp) {}

  private record Stamp(FileTime modifiedAt, long size, @Nullable Object fileKey) {}

  /** Makes what the file means. */
  @FunctionalInterface
  public interface Parser<T> {
    /**
     * Reads all bytes of the file.
     *
     * @throws Exception they make no sense; the message is logged and must hold no secret
     */
    T parse(byte[] bytes) throws Exception;
  }

  private WatchedFile(
      Path file, int maxBytes, Parser<T> parser, Runnable onRefused, Content<T> content) {
    this.file = file;
    this.maxBytes = maxBytes;
    this.parser = parser;
    this.onRefused = onRefused;
    this.content = content;
  }

  /**
   * Reads a file that must be there.
   *
   * @param maxBytes the longest file that is read
   * @param onRefused called whenever a change was not taken over
   * @throws PlatformException if it cannot be read or makes no sense
   */
  public static <T> WatchedFile<T> of(
      Path file, int maxBytes, Parser<T> parser, Runnable onRefused) {
    return new WatchedFile<>(file, maxBytes, parser, onRefused, read(file, maxBytes, parser));
  }

  /** As {@link #of(Path, int, Parser, Runnable)}, of a file that need not be there yet. */
  public static <T> WatchedFile<T> of(
      Path file, int maxBytes, Parser<T> parser, Runnable onRefused, T whenMissing) {
    return Files.exists(file)
        ? of(file, maxBytes, parser, onRefused)
        : new WatchedFile<>(
            file, maxBytes, parser, onRefused, new Content<>(whenMissing, Optional.empty()));
  }

  /** The file's content as it is, or as it was when it last made sense. */
  public T value() {
    Content<T> known = content;
    Optional<Stamp> now = stamp(file);
    if (now.equals(known.stamp()) || !reading.tryLock()) {
      return known.value();
    }
    try {
      return content.stamp().equals(now) ? content.value() : reread(now);
    } finally {
      reading.unlock();
    }
  }

  private T reread(Optional<Stamp> now) {
    try {
      content = read(file, maxBytes, parser);
      log.info("{} was read again", file);
    } catch (PlatformException e) {
      content = new Content<>(content.value(), now); // once a change, not once a call
      onRefused.run();
      log.error("{}; what was read before stays", e.getMessage());
    }
    return content.value();
  }

  /**
   * Reads the file now, changed or not.
   *
   * @throws PlatformException if it cannot be read or makes no sense; what was read before stays
   */
  public T refresh() {
    reading.lock();
    try {
      if (Files.exists(file)) {
        content = read(file, maxBytes, parser);
      }
      return content.value();
    } finally {
      reading.unlock();
    }
  }

  private static <T> Content<T> read(Path file, int maxBytes, Parser<T> parser) {
    Optional<Stamp> before = stamp(file);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new PlatformException(
            "file %s was not read: it must have at most %d bytes".formatted(file, maxBytes));
      }
      return new Content<>(Objects.requireNonNull(parser.parse(bytes)), before);
    } catch (PlatformException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw new PlatformException("file %s is not there".formatted(file), e);
    } catch (Exception e) {
      throw new PlatformException("file %s was not read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Optional<Stamp> stamp(Path file) {
    try {
      var of = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(new Stamp(of.lastModifiedTime(), of.size(), of.fileKey()));
    } catch (IOException e) {
      return Optional.empty(); // what is not there is told when it is read
    }
  }
}
