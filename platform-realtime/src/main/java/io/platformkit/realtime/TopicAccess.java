package io.platformkit.realtime;

import io.platformkit.core.identity.Principal;
import java.util.Optional;

/** Says who may do something with a topic. Called by many virtual threads at once; may block. */
@FunctionalInterface
public interface TopicAccess {
  /** Whoever has a session. */
  TopicAccess ANYBODY = (principal, topic) -> true;

  /** No client: the host alone. */
  TopicAccess NOBODY = (principal, topic) -> false;

  /**
   * Whether a caller may.
   *
   * @param principal empty if the server asks nobody who he is
   */
  boolean allows(Optional<Principal> principal, String topic);

  /** Whoever has the role. */
  static TopicAccess role(String role) {
    String required = Principal.requireRole(role);
    return (principal, topic) -> principal.filter(who -> who.hasRole(required)).isPresent();
  }

  /** The one whose id is behind the prefix: {@code "notifications/"} and {@code ann}. */
  static TopicAccess owner(String prefix) {
    return (principal, topic) ->
        principal.filter(who -> topic.equals(prefix + who.id())).isPresent();
  }
}
