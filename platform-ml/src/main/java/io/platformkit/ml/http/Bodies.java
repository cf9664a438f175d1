package io.platformkit.ml.http;

import io.platformkit.core.Json;

/** JSON that carries tensors. */
final class Bodies {
  private static final int MOST_BYTES = 256 << 20;

  /** Of any size that a server lets through. */
  static final Json JSON = Json.builder().maxBytes(MOST_BYTES).build();

  private Bodies() {}
}
