package io.platformkit.realtime.server;

import io.platformkit.core.ContractServer;
import io.platformkit.core.redis.RedisServerProcess;
import org.junit.jupiter.api.Test;

class RedisChaosIT extends ServerChaosContract {
  @Override
  ContractServer server() {
    return RedisServerProcess.shared();
  }

  @Override
  RealtimeServer newNode(int port) {
    return closing(NodeChild.on(closing(NodeChild.redis(port))));
  }

  @Override
  String kind() {
    return "redis";
  }

  @Test
  void whatRedisLosesIsToldAsAGapAndNothingElseIsLost() throws Exception {
    RedisServerProcess mortal = closing(RedisServerProcess.startDurable());
    RealtimeServer one = join(newNode(mortal.port()));
    join(newNode(mortal.port()));
    send(10);

    run(
        one,
        5,
        () -> {
          awaitNumbers(200);
          mortal.snapshot();
          awaitMore(400);
          mortal.restore();
          awaitMore(200);
        });
  }
}
