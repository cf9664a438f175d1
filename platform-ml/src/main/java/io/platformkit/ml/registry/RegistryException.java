package io.platformkit.ml.registry;

import io.platformkit.core.PlatformException;

/**
 * What the registry keeps of a model cannot be read or written, or is not what it was; {@link
 * #model} says of which.
 */
public class RegistryException extends PlatformException {
  private static final long serialVersionUID = 1L;

  private final String model;

  /** States which model it was. */
  public RegistryException(String model, String message) {
    super(message);
    this.model = model;
  }

  /** States which model it was. */
  public RegistryException(String model, String message, Throwable cause) {
    super(message, cause);
    this.model = model;
  }

  /** The name of the model. */
  public String model() {
    return model;
  }
}
