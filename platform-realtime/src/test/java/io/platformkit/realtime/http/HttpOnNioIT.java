package io.platformkit.realtime.http;

class HttpOnNioIT extends HttpOnNettyContract {
  HttpOnNioIT() {
    super(Transport.NIO);
  }
}
