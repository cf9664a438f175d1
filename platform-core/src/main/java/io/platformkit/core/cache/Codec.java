package io.platformkit.core.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.platformkit.core.Json;
import java.util.Objects;

/** Values as bytes, for the tiers behind the first. Safe for concurrent use. */
public interface Codec<V> {
  /** The bytes of a value. */
  byte[] encode(V value);

  /**
   * The value of the bytes. A throw means that they are none: they count as missing, and the next
   * load writes over them.
   */
  V decode(byte[] bytes);

  /** Records and other types of the host as JSON documents. */
  static <V> Codec<V> json(Json json, Class<V> type) {
    Objects.requireNonNull(json, "json");
    Objects.requireNonNull(type, "type");
    return new Codec<>() {
      @Override
      public byte[] encode(V value) {
        return json.encode(value);
      }

      @Override
      public V decode(byte[] bytes) {
        return json.decode(bytes, type);
      }
    };
  }

  /** Texts as UTF-8. */
  static Codec<String> text() {
    return new Codec<>() {
      @Override
      public byte[] encode(String value) {
        return value.getBytes(UTF_8);
      }

      @Override
      public String decode(byte[] bytes) {
        return new String(bytes, UTF_8);
      }
    };
  }

  /** Bytes as they are. The cache hands out its own array: nobody may change it. */
  static Codec<byte[]> bytes() {
    return new Codec<>() {
      @Override
      public byte[] encode(byte[] value) {
        return value;
      }

      @Override
      public byte[] decode(byte[] bytes) {
        return bytes;
      }
    };
  }
}
