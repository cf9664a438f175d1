package io.platformkit.ml.registry;

import io.platformkit.core.Bounds;
import io.platformkit.core.Json;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Ttl;
import io.platformkit.core.store.Versioned;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Artifacts in a key-value store, for ever: in chunks, since values are bounded, each under the
 * hash of the whole. What says how many chunks there are is written last. Good for models of some
 * megabytes; larger ones belong into {@link DirectoryArtifacts} or a store of the host's own.
 */
public final class KeyValueArtifacts implements ArtifactStore {
  private static final String PREFIX = "artifact/";
  private static final Json JSON = Json.standard();

  /** How much of an artifact is on its way at once, besides the artifact itself. */
  private static final int ROUND_TRIP_BYTES = 8 << 20;

  private static final int DEFAULT_CHUNK = 512 << 10;

  private final KeyValueStore store;
  private final int chunkBytes;

  /** How an artifact is cut. */
  private record Manifest(int bytes, int chunkBytes) {
    Manifest {
      Bounds.requireCount("bytes", bytes, 0, Integer.MAX_VALUE);
      Bounds.requireCount("chunkBytes", chunkBytes, 1, ROUND_TRIP_BYTES);
    }

    int chunks() {
      return Math.ceilDiv(bytes, chunkBytes);
    }

    int length(int chunk) {
      return Math.min(chunkBytes, bytes - chunk * chunkBytes);
    }
  }

  private KeyValueArtifacts(KeyValueStore store, int chunkBytes) {
    this.store = Objects.requireNonNull(store, "store");
    this.chunkBytes = chunkBytes;
  }

  /** In chunks of 512 KiB. The store stays the caller's. */
  public static KeyValueArtifacts on(KeyValueStore store) {
    return new KeyValueArtifacts(store, DEFAULT_CHUNK);
  }

  /**
   * In chunks of a size. The store stays the caller's.
   *
   * @param chunkBytes at least 1 and at most what a value of the store may have; what was put with
   *     another size stays readable
   */
  public static KeyValueArtifacts on(KeyValueStore store, int chunkBytes) {
    Bounds.requireCount("chunkBytes", chunkBytes, 1, ROUND_TRIP_BYTES);
    return new KeyValueArtifacts(store, chunkBytes);
  }

  @Override
  public String put(String sha256, byte[] content) {
    String location = PREFIX + Artifact.requireSha256(sha256);
    Manifest manifest = new Manifest(content.length, chunkBytes);
    Map<String, byte[]> batch = new LinkedHashMap<>();
    for (int i = 0; i < manifest.chunks(); i++) {
      int from = i * chunkBytes;
      batch.put(
          chunk(location, manifest, i),
          Arrays.copyOfRange(content, from, from + manifest.length(i)));
      if (batch.size() == atOnce(manifest) || i == manifest.chunks() - 1) {
        store.putAll(batch, Ttl.NEVER);
        batch.clear();
      }
    }
    store.put(location, JSON.encode(manifest), Ttl.NEVER);
    return location;
  }

  @Override
  public Optional<byte[]> get(String location) throws IOException {
    Optional<Versioned> found =
        location.startsWith(PREFIX) ? store.get(location) : Optional.empty();
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(read(location, JSON.decode(found.get().value(), Manifest.class)));
  }

  private byte[] read(String location, Manifest manifest) throws IOException {
    byte[] content = new byte[manifest.bytes];
    int atOnce = atOnce(manifest);
    for (int first = 0; first < manifest.chunks(); first += atOnce) {
      int end = Math.min(first + atOnce, manifest.chunks());
      List<String> keys =
          IntStream.range(first, end).mapToObj(i -> chunk(location, manifest, i)).toList();
      Map<String, Versioned> found = store.getAll(keys);
      for (int i = first; i < end; i++) {
        Versioned chunk = found.get(chunk(location, manifest, i));
        if (chunk == null || chunk.value().length != manifest.length(i)) {
          throw new IOException(
              "chunk %d of %d of '%s' is missing or cut"
                  .formatted(i + 1, manifest.chunks(), location));
        }
        System.arraycopy(chunk.value(), 0, content, i * manifest.chunkBytes, chunk.value().length);
      }
    }
    return content;
  }

  private static int atOnce(Manifest manifest) {
    return Math.max(1, ROUND_TRIP_BYTES / manifest.chunkBytes);
  }

  /** With the chunks' size, so that two writers with different sizes don't mix. */
  private static String chunk(String location, Manifest manifest, int index) {
    return "%s/%d/%d".formatted(location, manifest.chunkBytes, index);
  }
}
