package io.platformkit.core.redis;

import io.platformkit.core.ContractServer;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.KillContract;
import io.platformkit.core.log.LogOpener;

class RedisKillIT extends KillContract {
  @Override
  protected EventLog open(ContractServer server) {
    return closing(Redis.connect(where(server))).eventLog();
  }

  @Override
  protected ContractServer newServer() {
    return RedisServerProcess.startDurable();
  }

  @Override
  protected Class<? extends LogOpener> opener() {
    return Opener.class;
  }

  @Override
  protected String where(ContractServer server) {
    return "redis://127.0.0.1:" + server.port();
  }

  /** For the child. */
  public static final class Opener implements LogOpener {
    @Override
    public EventLog open(String where) {
      return Redis.connect(where).eventLog();
    }
  }
}
