package io.platformkit.ml;

import io.platformkit.core.PlatformException;

/** A model could not be loaded, or its run failed. */
public class ModelException extends PlatformException {
  private static final long serialVersionUID = 1L;

  private final transient VersionId id;

  public ModelException(VersionId id, String message) {
    super(id + ": " + message);
    this.id = id;
  }

  public ModelException(VersionId id, String message, Throwable cause) {
    super(id + ": " + message, cause);
    this.id = id;
  }

  /** Of which version. */
  public VersionId id() {
    return id;
  }
}
