package io.platformkit.core.http;

/** The server as it runs on JDKs whose sockets pin virtual threads. */
class JdkHttpServerOnPlatformThreadsIT extends JdkHttpServerIT {
  @Override
  JdkHttpServer.Builder options(HttpEndpoint endpoint) {
    return super.options(endpoint).platformThreads();
  }
}
