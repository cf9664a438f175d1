package io.platformkit.core.identity;

import java.net.InetAddress;
import java.util.List;

/**
 * Credentials to a principal, the same for HTTP and realtime sessions. Called by many virtual
 * threads at once; may block. Every implementation extends {@code AuthenticatorContract} in its
 * tests.
 */
@FunctionalInterface
public interface Authenticator {
  /**
   * Says whose they are. Whatever a caller sends gets an answer, never a throw.
   *
   * @param peer from where they came, behind declared proxies
   * @throws Exception nobody can tell now: a store or a server is away. The caller may try again,
   *     and nothing is held against the credentials
   */
  Authentication authenticate(Credentials credentials, InetAddress peer) throws Exception;

  /** Asks one after the other until one knows the credentials. */
  static Authenticator firstOf(Authenticator... authenticators) {
    List<Authenticator> all = List.of(authenticators);
    return (credentials, peer) -> {
      for (Authenticator next : all) {
        Authentication outcome = next.authenticate(credentials, peer);
        if (!(outcome instanceof Authentication.Absent)) {
          return outcome;
        }
      }
      return new Authentication.Absent();
    };
  }
}
