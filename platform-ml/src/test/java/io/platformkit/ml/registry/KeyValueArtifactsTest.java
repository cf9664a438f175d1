package io.platformkit.ml.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.platformkit.core.store.InMemoryKeyValueStore;
import io.platformkit.core.store.KeyValueStore;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class KeyValueArtifactsTest extends ArtifactStoreContract {
  private static final byte[] CONTENT = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  private static final String SHA256 = Sha256.of(CONTENT);

  private final KeyValueStore store = InMemoryKeyValueStore.create();

  @Override
  protected ArtifactStore open() {
    return KeyValueArtifacts.on(store, 4096);
  }

  @Test
  void nothingIsThereUntilAllIs() throws IOException {
    for (int call = 1; ; call++) {
      KeyValueStore empty = InMemoryKeyValueStore.create();
      CrashingPorts ports = new CrashingPorts(call, false);
      try {
        KeyValueArtifacts.on(ports.before(empty), 3).put(SHA256, CONTENT);
        assertThat(call).isGreaterThan(2);
        return;
      } catch (CrashingPorts.Died death) {
        assertThat(KeyValueArtifacts.on(empty).get("artifact/" + SHA256)).isEmpty();
      }
    }
  }

  @Test
  void aLostChunkIsNamed() throws IOException {
    KeyValueStore some = InMemoryKeyValueStore.create();
    KeyValueArtifacts artifacts = KeyValueArtifacts.on(some, 3);
    String location = artifacts.put(SHA256, CONTENT);
    some.delete(location + "/3/1");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> artifacts.get(location))
        .withMessageContainingAll("chunk 2 of 4", location);
  }

  @Test
  void anotherSizeOfChunksReadsTheSame() throws IOException {
    KeyValueStore some = InMemoryKeyValueStore.create();
    String location = KeyValueArtifacts.on(some, 3).put(SHA256, CONTENT);
    assertThat(KeyValueArtifacts.on(some, 4).put(SHA256, CONTENT)).isEqualTo(location);
    assertThat(KeyValueArtifacts.on(some, 100).get(location))
        .hasValueSatisfying(found -> assertThat(found).isEqualTo(CONTENT));
  }
}
