package io.platformkit.core.lease;

import io.platformkit.core.PlatformException;

/** A lease was not held any more when it was needed. */
public class LeaseLostException extends PlatformException {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final long token;

  /** States which lease it was. */
  public LeaseLostException(String name, long token) {
    super("lease '%s' with token %d is not held any more".formatted(name, token));
    this.name = name;
    this.token = token;
  }

  /** The lease's name. */
  public String name() {
    return name;
  }

  /** The token that is out of date. */
  public long token() {
    return token;
  }
}
