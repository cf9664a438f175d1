package io.platformkit.core.jdbc;

import io.platformkit.core.ContractServer;
import io.platformkit.core.timeseries.MetricStore;
import io.platformkit.core.timeseries.MetricStoreServerContract;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;

class SqliteMetricStoreServerIT extends MetricStoreServerContract {
  private final SqliteServer file = SqliteServer.create();

  @Override
  protected ContractServer server() {
    return file;
  }

  @Override
  protected ContractServer newServer() {
    return SqliteServer.create();
  }

  @Override
  protected MetricStore open(Way way, InstantSource clock, String namespace) {
    SqliteServer asked = (SqliteServer) way.server();
    return closing(Jdbc.builder(closing(asked.pool())).clock(clock).timeout(way.timeout()).build())
        .metricStore(namespace);
  }

  @AfterAll
  void removeFile() {
    file.close();
  }
}
