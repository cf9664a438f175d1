package io.platformkit.ml.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What all {@link ArtifactStore}s promise. The author of one extends it:
 *
 * <pre>{@code
 * class BucketArtifactsIT extends ArtifactStoreContract {
 *   @Override protected ArtifactStore open() { return BucketArtifacts.in("models-test"); }
 * }
 * }</pre>
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ArtifactStoreContract {
  /** For subclasses. */
  protected ArtifactStoreContract() {}

  /** The store as another node opens it: on the same place each time. */
  protected abstract ArtifactStore open();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4095, 4096, 4097, 100_000, 3 << 20})
  void whatIsPutComesBackOnEveryNode(int bytes) throws IOException {
    byte[] content = content(bytes, 1);
    String location = open().put(hash(content), content);
    assertThat(open().get(location))
        .hasValueSatisfying(found -> assertThat(found).isEqualTo(content));
  }

  @Test
  void theSameBytesAreFoundAtOnePlaceHoweverOftenTheyArePut() throws IOException {
    byte[] content = content(10_000, 2);
    String location = open().put(hash(content), content);
    assertThat(open().put(hash(content), content.clone())).isEqualTo(location);
    assertThat(open().get(location))
        .hasValueSatisfying(found -> assertThat(found).isEqualTo(content));
  }

  @Test
  void otherBytesAreAtAnotherPlace() throws IOException {
    byte[] one = content(10_000, 3);
    byte[] two = content(10_000, 4);
    String first = open().put(hash(one), one);
    String second = open().put(hash(two), two);
    assertThat(second).isNotEqualTo(first);
    assertThat(open().get(first)).hasValueSatisfying(found -> assertThat(found).isEqualTo(one));
  }

  @Test
  void bytesBelongToWhoeverGetsThem() throws IOException {
    byte[] content = content(100, 5);
    ArtifactStore store = open();
    String location = store.put(hash(content), content);
    content[0]++;
    store.get(location).orElseThrow()[1]++;
    assertThat(store.get(location))
        .hasValueSatisfying(found -> assertThat(found).isEqualTo(content(100, 5)));
  }

  @Test
  void whoReadsDuringManyPutsSeesAllBytes() throws IOException {
    byte[] content = content(300_000, 6);
    String location = open().put(hash(content), content);
    List<CompletableFuture<Void>> puts =
        Stream.generate(() -> CompletableFuture.runAsync(() -> put(content))).limit(4).toList();
    do {
      assertThat(open().get(location))
          .hasValueSatisfying(found -> assertThat(found).isEqualTo(content));
    } while (!puts.stream().allMatch(CompletableFuture::isDone));
    puts.forEach(CompletableFuture::join);
  }

  private void put(byte[] content) {
    try {
      open().put(hash(content), content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aPlaceWhereNothingIsIsEmpty() throws IOException {
    for (String location : List.of("nowhere", "../secret", "/etc/passwd", hash(content(7, 7)))) {
      assertThat(open().get(location)).as(location).isEmpty();
    }
  }

  private static byte[] content(int bytes, long seed) {
    byte[] content = new byte[bytes];
    new Random(seed).nextBytes(content);
    return content;
  }

  private static String hash(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
