package io.platformkit.ml.registry;

import java.io.IOException;
import java.util.Optional;

/**
 * Keeps the bytes of models. Called by many threads at once; may block.
 *
 * <p>Promises, proved by {@code ArtifactStoreContract}: once {@link #put} has returned, {@link
 * #get} gives the bytes at that location, whole, also after a crash where the store is durable.
 * Whoever reads during a put sees all bytes or none. The same bytes may be put any number of times.
 * The registry checks the hash of whatever it gets.
 */
public interface ArtifactStore {
  /**
   * Keeps bytes; returns when they are there to stay.
   *
   * @param sha256 the hash of the content, 64 lower-case hexadecimal digits, for stores that go by
   *     it
   * @param content not changed by the caller until this returns
   * @return where they are: 1 to 512 bytes of UTF-8, without secrets, good for every node
   */
  String put(String sha256, byte[] content) throws IOException;

  /**
   * The bytes at a location, the caller's own; empty if there is nothing.
   *
   * @throws IOException if there should be something and it can't be read whole
   */
  Optional<byte[]> get(String location) throws IOException;
}
