package io.platformkit.core.jwt;

import io.platformkit.core.identity.Principal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes a principal of a token's claims. Called by many threads at once. */
@FunctionalInterface
public interface ClaimMapping {
  /**
   * Reads the claims of a token that is right.
   *
   * @param claims as JSON has them: String, Number, Boolean, List, Map
   * @throws IllegalArgumentException if they make none: the token is refused
   */
  Principal principal(Map<String, Object> claims);

  /** By the claims {@code sub}, {@code roles} and {@code tenant}. */
  static ClaimMapping standard() {
    return named("sub", "roles", "tenant");
  }

  /**
   * By three claims of these names. The id must be there; roles are a list of strings or one with
   * spaces in between, none if absent; the tenant is a string or absent.
   */
  static ClaimMapping named(String id, String roles, String tenant) {
    return claims ->
        new Principal(
            text(id, claims)
                .orElseThrow(
                    () -> new IllegalArgumentException("claim '%s' is missing".formatted(id))),
            strings(roles, claims.get(roles)),
            text(tenant, claims));
  }

  private static Optional<String> text(String name, Map<String, Object> claims) {
    Object value = claims.get(name);
    if (value != null && !(value instanceof String)) {
      throw new IllegalArgumentException("claim '%s' must be a string".formatted(name));
    }
    return Optional.ofNullable((String) value);
  }

  private static Set<String> strings(String name, @Nullable Object value) {
    Collection<?> all =
        switch (value) {
          case null -> List.of();
          case String text -> text.isBlank() ? List.of() : List.of(text.strip().split(" +"));
          case Collection<?> list -> list;
          default ->
              throw new IllegalArgumentException("claim '%s' must be a list".formatted(name));
        };
    Set<String> strings = new TreeSet<>();
    for (Object each : all) {
      if (!(each instanceof String text)) {
        throw new IllegalArgumentException("claim '%s' must hold strings".formatted(name));
      }
      strings.add(text);
    }
    return strings;
  }
}
