package io.platformkit.ml.registry;

/** The bytes at an artifact's location are not those that were registered. */
public final class ArtifactMismatchException extends RegistryException {
  private static final long serialVersionUID = 1L;

  private final String version;
  private final String expected;
  private final String found;

  ArtifactMismatchException(String model, String version, Artifact artifact, String found) {
    super(
        model,
        "artifact of version '%s' of model '%s' has SHA-256 %s but %s was registered; it was changed at '%s' and is not loaded"
            .formatted(version, model, found, artifact.sha256(), artifact.location()));
    this.version = version;
    this.expected = artifact.sha256();
    this.found = found;
  }

  /** The version of the model. */
  public String version() {
    return version;
  }

  /** The SHA-256 that was registered. */
  public String expected() {
    return expected;
  }

  /** The SHA-256 of what is there. */
  public String found() {
    return found;
  }
}
