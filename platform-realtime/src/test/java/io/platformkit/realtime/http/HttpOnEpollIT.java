package io.platformkit.realtime.http;

class HttpOnEpollIT extends HttpOnNettyContract {
  HttpOnEpollIT() {
    super(Transport.EPOLL);
  }
}
