package io.platformkit.core.cache;

import java.util.List;

/** The tiers behind memory, and what is written to them. */
record Tiers<V>(
    List<Tier> all,
    Frames<V> frames,
    Lifetimes<V> lifetimes,
    Counters counters,
    CacheSettings settings) {
  int last() {
    return all.size() - 1;
  }
}
