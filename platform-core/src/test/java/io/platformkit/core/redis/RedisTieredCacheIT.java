package io.platformkit.core.redis;

import io.platformkit.core.cache.SharedTierProofs;
import io.platformkit.core.store.KeyValueOptions;

class RedisTieredCacheIT extends SharedTierProofs {
  @Override
  protected Node newNode(KeyValueOptions namespace) {
    Redis redis = closing(Redis.connect(RedisServerProcess.shared().uri()));
    return new Node(redis.keyValues(namespace), redis.leases(namespace.namespace()));
  }
}
