package io.platformkit.ml.registry;

import java.io.IOException;
import java.util.Optional;

/** Puts and gets the bytes of versions, and checks what it gets. */
final class Artifacts {
  private final ArtifactStore store;

  Artifacts(ArtifactStore store) {
    this.store = store;
  }

  Artifact put(String model, String version, byte[] content) {
    String sha256 = Sha256.of(content);
    try {
      return new Artifact(store.put(sha256, content), sha256, content.length);
    } catch (IOException e) {
      throw new RegistryException(
          model,
          "artifact of version '%s' of model '%s' can't be written".formatted(version, model),
          e);
    }
  }

  byte[] get(String model, String version, Artifact artifact) {
    byte[] content =
        read(model, version, artifact)
            .orElseThrow(() ->
                new RegistryException(
                    model,
                    "artifact of version '%s' of model '%s' is not at '%s'"
                        .formatted(version, model, artifact.location())));
    String found = Sha256.of(content);
    if (!found.equals(artifact.sha256())) {
      throw new ArtifactMismatchException(model, version, artifact, found);
    }
    return content;
  }

  private Optional<byte[]> read(String model, String version, Artifact artifact) {
    try {
      return store.get(artifact.location());
    } catch (IOException e) {
      throw new RegistryException(
          model,
          "artifact of version '%s' of model '%s' can't be read at '%s'"
              .formatted(version, model, artifact.location()),
          e);
    }
  }
}
