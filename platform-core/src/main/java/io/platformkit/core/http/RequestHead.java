package io.platformkit.core.http;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/**
 * What a server read of a request before its body, as it came; {@link Reception} checks it.
 *
 * @param method as it came: {@code "GET"}
 * @param target as it came: {@code "/a%20b?x=1"} or {@code "http://h/a"}
 * @param version {@code "HTTP/1.1"}
 * @param headers a map that ignores the case of names, with one value for each line; not copied
 * @param local where the request came in
 * @param remote the other end of the socket
 * @param secure whether it came over TLS
 */
public record RequestHead(
    String method,
    String target,
    String version,
    Map<String, List<String>> headers,
    InetSocketAddress local,
    InetSocketAddress remote,
    boolean secure) {}
