package io.platformkit.core.identity;

import io.platformkit.core.Bounds;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Who asks: the same for HTTP and realtime sessions.
 *
 * @param id whom it stands for: 1 to 512 bytes of UTF-8 without control characters
 * @param roles what it may do: at most {@value #MAX_ROLES}, each of 1 to 64 letters, digits and
 *     {@code . _ : -}, in their order
 * @param tenant on whose behalf; empty: of no tenant, or of all. As the id
 */
public record Principal(String id, Set<String> roles, Optional<String> tenant)
    implements java.security.Principal {
  /** Most roles of one principal. */
  public static final int MAX_ROLES = 64;

  private static final Pattern ROLE = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

  /** Checks and copies. */
  public Principal {
    requireName("id", id);
    tenant.ifPresent(name -> requireName("tenant", name));
    if (roles.size() > MAX_ROLES) {
      throw new IllegalArgumentException(
          "roles had %d names but it must have at most %d".formatted(roles.size(), MAX_ROLES));
    }
    roles.forEach(Principal::requireRole);
    roles = Collections.unmodifiableSet(new TreeSet<>(roles));
  }

  /** Of no tenant. */
  public static Principal of(String id, String... roles) {
    return new Principal(id, Set.of(roles), Optional.empty());
  }

  /** The same with a tenant. */
  public Principal ofTenant(String name) {
    return new Principal(id, roles, Optional.of(name));
  }

  /** Whether it has the role. */
  public boolean hasRole(String role) {
    return roles.contains(role);
  }

  /** The id, as the JDK calls it. */
  @Override
  public String getName() {
    return id;
  }

  /**
   * Checks the name of a role.
   *
   * @return the role
   * @throws IllegalArgumentException naming value and rule
   */
  public static String requireRole(String role) {
    if (!ROLE.matcher(role).matches()) {
      throw new IllegalArgumentException(
          "role was '%s' but it must be 1 to 64 letters, digits and . _ : -"
              .formatted(role.length() > 64 ? role.substring(0, 64) + "…" : role));
    }
    return role;
  }

  private static void requireName(String property, String name) {
    Bounds.requireName(property, name);
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(property + " must not have control characters");
    }
  }
}
