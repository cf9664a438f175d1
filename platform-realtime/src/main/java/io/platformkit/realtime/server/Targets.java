package io.platformkit.realtime.server;

import io.netty.handler.codec.http.HttpRequest;

/** What a request asks for, before it is read as a whole. */
final class Targets {
  private Targets() {}

  /** The path as it came, without scheme, authority and query. */
  static String path(HttpRequest head) {
    String target = head.uri();
    int authority = target.startsWith("/") ? -1 : target.indexOf("://");
    int begin = authority < 0 ? 0 : target.indexOf('/', authority + 3);
    String path = begin < 0 ? "/" : target.substring(begin);
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }
}
