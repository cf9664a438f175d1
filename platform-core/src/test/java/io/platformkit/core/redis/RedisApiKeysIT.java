package io.platformkit.core.redis;

import io.platformkit.core.identity.ApiKeys;
import io.platformkit.core.identity.ApiKeysContract;
import io.platformkit.core.store.KeyValueOptions;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

class RedisApiKeysIT extends ApiKeysContract {
  private final Redis redis =
      Redis.builder("redis://127.0.0.1:" + RedisServerProcess.shared().port()).build();
  private final KeyValueOptions namespace =
      KeyValueOptions.of("keys-" + UUID.randomUUID()).scanned();

  @Override
  protected ApiKeys.Builder place() {
    return ApiKeys.builder(redis.keyValues(namespace));
  }

  @AfterEach
  void close() {
    redis.close();
  }
}
