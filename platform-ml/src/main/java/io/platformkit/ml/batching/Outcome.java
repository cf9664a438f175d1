package io.platformkit.ml.batching;

import io.platformkit.ml.ModelException;
import io.platformkit.ml.Tensors;
import java.time.Duration;

/** What became of a request. */
public sealed interface Outcome {
  /**
   * It was computed.
   *
   * @param outputs those that the caller gave, with its results
   * @param batchRows how many rows were computed together, of all callers
   * @param waited from the request to the begin of its computation
   * @param computed how long the model took for the whole batch
   */
  record Computed(Tensors outputs, int batchRows, Duration waited, Duration computed)
      implements Outcome {}

  /**
   * It was not computed, for there is more to do than can be done. Trying again at once makes it
   * worse.
   *
   * @param reason {@link #FULL}, {@link #DISPLACED} or {@link #CLOSED}
   */
  record Overloaded(String reason) implements Outcome {
    /** As many rows wait as may. */
    public static final String FULL = "full";

    /** It waited, and had to make room for a request of higher priority. */
    public static final String DISPLACED = "displaced";

    /** The batcher is closed, or was before it came to this request. */
    public static final String CLOSED = "closed";
  }

  /**
   * It was not computed, for its patience ended before.
   *
   * @param waited how long it had waited
   */
  record Expired(Duration waited) implements Outcome {}

  /**
   * Its computation failed, also by itself; requests that it shared a batch with are not harmed.
   * The elements of its outputs are not defined.
   *
   * @param failure names the model and version, and has the cause
   */
  record Failed(ModelException failure) implements Outcome {}
}
