package io.platformkit.core.jdbc;

import io.platformkit.core.ContractServer;
import io.platformkit.core.timeseries.MetricStore;
import io.platformkit.core.timeseries.MetricStoreServerContract;
import java.time.InstantSource;

class PostgresMetricStoreServerIT extends MetricStoreServerContract {
  @Override
  protected ContractServer server() {
    return PostgresServer.shared();
  }

  @Override
  protected ContractServer newServer() {
    return PostgresServer.durable();
  }

  @Override
  protected MetricStore open(Way way, InstantSource clock, String namespace) {
    return closing(
            Jdbc.builder(closing(PostgresServer.pool(way.port())))
                .clock(clock)
                .timeout(way.timeout())
                .build())
        .metricStore(namespace);
  }

  @Override
  protected String commit() {
    return "COMMIT";
  }
}
