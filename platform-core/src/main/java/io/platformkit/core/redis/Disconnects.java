package io.platformkit.core.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import java.util.function.Consumer;

/** Tells when a connection was lost. */
record Disconnects(Consumer<Throwable> listener) implements RedisConnectionStateListener {
  static Disconnects to(Consumer<Throwable> listener) {
    return new Disconnects(listener);
  }

  @Override
  public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
    listener.accept(new RedisException("the connection was lost"));
  }
}
