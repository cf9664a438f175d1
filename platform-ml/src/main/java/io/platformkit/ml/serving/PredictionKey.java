package io.platformkit.ml.serving;

import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.batching.Terms;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a prediction is kept under: a hash of model, version, ids and the row that the features
 * make. It carries what the prediction is computed from, which is no part of its identity.
 */
final class PredictionKey {
  private final String name;
  private volatile @Nullable Row row;
  private volatile boolean taken;

  /** What a prediction is computed from, if it is not there. */
  record Row(LoadedModel model, Tensors inputs, Terms terms) {}

  private PredictionKey(String name, @Nullable Row row) {
    this.name = name;
    this.row = row;
  }

  static PredictionKey of(Map<String, String> ids, Row row) {
    VersionId id = row.model().id();
    MessageDigest hash = sha256();
    add(hash, id.model());
    add(hash, id.version());
    ids.forEach((kind, value) -> {
      add(hash, kind);
      add(hash, value);
    });
    row.inputs().forEach((input, tensor) -> add(hash, tensor));
    String name = Base64.getUrlEncoder().withoutPadding().encodeToString(hash.digest());
    return new PredictionKey(name, row);
  }

  /** One whose prediction can't be computed here. */
  static PredictionKey named(String name) {
    return new PredictionKey(name, null);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** With its length before it, so that no two lists of texts are the same bytes. */
  private static void add(MessageDigest hash, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
    hash.update(bytes);
  }

  private static void add(MessageDigest hash, Tensor tensor) {
    if (tensor.type() == TensorType.STRING) {
      for (int i = 0; i < tensor.elements(); i++) {
        add(hash, tensor.string(i));
      }
    } else {
      hash.update(tensor.bytes());
    }
  }

  String name() {
    return name;
  }

  /**
   * What to compute it from, for whoever does.
   *
   * @throws IllegalStateException if nobody is left who wants it
   */
  Row take() {
    Row there = row;
    if (there == null) {
      throw new IllegalStateException("the prediction is not wanted any more");
    }
    taken = true;
    return there;
  }

  /** Whether a prediction was computed from this key, and not from one that is equal to it. */
  boolean isTaken() {
    return taken;
  }

  /** Lets go what it carries, for the cache keeps the key. */
  void forget() {
    row = null;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PredictionKey that && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
