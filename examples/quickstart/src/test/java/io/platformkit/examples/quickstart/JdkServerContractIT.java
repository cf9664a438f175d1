package io.platformkit.examples.quickstart;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.HttpEndpointContract;
import io.platformkit.core.http.JdkHttpServer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** How a server of endpoints is proved; here the one of the JDK. */
// @start region="contract"
class JdkServerContractIT extends HttpEndpointContract {
  private final List<JdkHttpServer> servers = new ArrayList<>();

  @Override
  protected URI mount(HttpEndpoint endpoint) {
    ErrorHandler ignored = (where, failure) -> {}; // the contract's endpoints fail on purpose
    var server = JdkHttpServer.builder(endpoint).errorHandler(ignored).build();
    servers.add(server);
    server.start();
    return server.uri();
  }

  @AfterEach
  void closeServers() {
    servers.forEach(JdkHttpServer::close);
  }
}
// @end
