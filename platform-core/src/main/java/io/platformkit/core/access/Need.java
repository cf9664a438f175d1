package io.platformkit.core.access;

import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.Request;
import io.platformkit.core.identity.Principal;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/** What a caller needs. */
public sealed interface Need {
  /** Nothing: whoever it is. Credentials are not looked at. */
  record Open() implements Need {}

  /** To be known, with any role or none. */
  record Known() implements Need {}

  /** One of these roles at least. */
  record Role(Set<String> anyOf) implements Need {
    /** Checks and copies. */
    public Role {
      if (anyOf.isEmpty()) {
        throw new IllegalArgumentException("roles must not be empty; known() asks for none");
      }
      anyOf.forEach(Principal::requireRole);
      anyOf = Collections.unmodifiableSet(new TreeSet<>(anyOf));
    }
  }

  /** Whoever it is. */
  static Need open() {
    return new Open();
  }

  /** Whoever is known. */
  static Need known() {
    return new Known();
  }

  /** One of these roles at least. */
  static Need role(String... anyOf) {
    return new Role(Set.of(anyOf));
  }

  /** Whether it is met. */
  default boolean isMetBy(Principal principal) {
    return switch (this) {
      case Open open -> true;
      case Known known -> true;
      case Role role -> role.anyOf().stream().anyMatch(principal::hasRole);
    };
  }

  /**
   * Who asks, if the need is met.
   *
   * @throws io.platformkit.core.http.ProblemException 401 if nobody is known, 403 if the role is
   *     missing; also for an open need if nobody is known
   */
  default Principal require(Request request) {
    Principal principal =
        request
            .principal()
            .orElseThrow(() -> Problem.of(401, "credentials are needed").toException());
    if (!isMetBy(principal)) {
      throw missing().toException();
    }
    return principal;
  }

  /** Asks for it in front of an endpoint, where a {@link Guard} has found out who asks. */
  default HttpEndpoint before(HttpEndpoint endpoint) {
    return request -> {
      if (!(this instanceof Open)) {
        require(request);
      }
      return endpoint.handle(request);
    };
  }

  /** Why a known caller may not. */
  private Problem missing() {
    return this instanceof Role role
        ? Problem.of(403, "this needs one of the roles " + role.anyOf())
        : Problem.of(403);
  }
}
