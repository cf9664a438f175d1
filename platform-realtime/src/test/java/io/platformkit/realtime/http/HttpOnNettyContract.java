package io.platformkit.realtime.http;

import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.HttpEndpointContract;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** The contract of every server, on one transport. */
abstract class HttpOnNettyContract extends HttpEndpointContract {
  private final List<NettyHttpServer> servers = new ArrayList<>();
  private final Transport transport;

  HttpOnNettyContract(Transport transport) {
    this.transport = transport;
  }

  @Override
  protected URI mount(HttpEndpoint endpoint) throws Exception {
    NettyHttpServer server = NettyHttpServer.start(transport, HttpConnections.builder(endpoint));
    servers.add(server);
    return server.uri();
  }

  @AfterEach
  void closeServers() {
    servers.forEach(NettyHttpServer::close);
  }
}
