package io.platformkit.ml;

/** What a tensor's elements are. */
public enum TensorType {
  /** Two's complement, 8 bits. */
  INT8(1),
  /** Two's complement, 16 bits. */
  INT16(2),
  /** Two's complement, 32 bits. */
  INT32(4),
  /** Two's complement, 64 bits. */
  INT64(8),
  /** Unsigned, 8 bits. */
  UINT8(1),
  /** Unsigned, 16 bits. */
  UINT16(2),
  /** Unsigned, 32 bits. */
  UINT32(4),
  /** Unsigned, 64 bits. */
  UINT64(8),
  /** IEEE 754 binary16. */
  FLOAT16(2),
  /** The upper half of a binary32. */
  BFLOAT16(2),
  /** IEEE 754 binary32. */
  FLOAT32(4),
  /** IEEE 754 binary64. */
  FLOAT64(8),
  /** A byte, 0 or 1. */
  BOOL(1),
  /** Text or bytes of any length; the only type whose elements are not in a buffer. */
  STRING(0);

  private final int bytes;

  TensorType(int bytes) {
    this.bytes = bytes;
  }

  /** The size of an element; zero for {@link #STRING}. */
  public int bytes() {
    return bytes;
  }
}
