package io.platformkit.ml.batching;

/** How large batches are. Guarded by the dispatcher's lock. */
interface Sizing {
  /** The most rows of a batch. */
  int most();

  /** From how many rows on they are worth a lane of their own. */
  int worthwhile();

  /** From how many rows on a lane does not wait for more. */
  int worthNoWait();

  /** A batch was computed. */
  default void ran() {}

  /** Always as large as it may be. */
  static Sizing fixed(int rows) {
    return new Sizing() {
      @Override
      public int most() {
        return rows;
      }

      @Override
      public int worthwhile() {
        return rows;
      }

      @Override
      public int worthNoWait() {
        return rows;
      }
    };
  }
}
