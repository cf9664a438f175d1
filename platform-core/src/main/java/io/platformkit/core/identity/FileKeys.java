package io.platformkit.core.identity;

import io.platformkit.core.Json;
import io.platformkit.core.PlatformException;
import io.platformkit.core.UnavailableException;
import io.platformkit.core.WatchedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Keys in a JSON file, {@code {"keys": […]}}, that processes of one machine share. It is replaced
 * whole, by one process at a time, and for its owner's eyes alone.
 */
final class FileKeys implements KeyRecords {
  static final int MAX_BYTES = 8 << 20;

  private static final Json JSON = Json.builder().maxBytes(MAX_BYTES).build();

  private final Path file;
  private final WatchedFile<SortedMap<String, KeyRecord>> content;
  private final ReentrantLock writing = new ReentrantLock();

  record Document(List<KeyRecord.Document> keys) {}

  FileKeys(Path file, Runnable onRefused) {
    this.file = file.toAbsolutePath();
    content = WatchedFile.of(this.file, MAX_BYTES, FileKeys::parse, onRefused, new TreeMap<>());
  }

  private static SortedMap<String, KeyRecord> parse(byte[] json) {
    Document document = JSON.decode(json, Document.class);
    if (document.keys() == null) {
      throw new IllegalArgumentException("keys must be a list");
    }
    SortedMap<String, KeyRecord> all = new TreeMap<>();
    for (KeyRecord.Document each : document.keys()) {
      if (each == null || all.put(each.read().key().id(), each.read()) != null) {
        throw new IllegalArgumentException("keys must have each key once");
      }
    }
    return all;
  }

  @Override
  public Optional<KeyRecord> find(String id) {
    return Optional.ofNullable(content.value().get(id));
  }

  @Override
  public List<KeyRecord> list(String after, int limit) {
    return content.value().tailMap(after + "\0").values().stream().limit(limit).toList();
  }

  @Override
  public void add(KeyRecord added) {
    change(keys -> keys.putIfAbsent(added.key().id(), added) == null);
  }

  @Override
  public boolean remove(String id) {
    return change(keys -> keys.remove(id) != null);
  }

  private boolean change(Function<SortedMap<String, KeyRecord>, Boolean> change) {
    writing.lock();
    try (FileChannel guard =
            FileChannel.open(
                sibling(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = guard.lock()) {
      SortedMap<String, KeyRecord> keys = new TreeMap<>(content.refresh());
      boolean changed = lock.isValid() && change.apply(keys);
      if (changed) {
        replace(
            JSON.encode(new Document(keys.values().stream().map(KeyRecord::document).toList())));
        content.refresh();
      }
      return changed;
    } catch (OverlappingFileLockException e) {
      throw new UnavailableException(
          "file %s is being written by other ApiKeys of this process".formatted(file), e);
    } catch (IOException e) {
      throw new PlatformException("file %s was not written".formatted(file), e);
    } finally {
      writing.unlock();
    }
  }

  private void replace(byte[] json) throws IOException {
    Path written = sibling(".new");
    Files.deleteIfExists(written);
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel out = FileChannel.open(written, options, ownerAlone())) {
      ByteBuffer left = ByteBuffer.wrap(json);
      while (left.hasRemaining()) {
        out.write(left);
      }
      out.force(true);
    }
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private FileAttribute<?>[] ownerAlone() {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private Path sibling(String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }
}
