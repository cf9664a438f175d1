package io.platformkit.core.identity;

import io.platformkit.core.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A key as it is kept: its secret's hash instead of the secret.
 *
 * @param hash SHA-256 of the secret's text, in hexadecimal
 */
record KeyRecord(ApiKey key, String hash) {
  private static final Json JSON = Json.standard();

  /** The document of a record, in a file or a store. */
  record Document(
      String id,
      String hash,
      String owner,
      List<String> roles,
      @Nullable String tenant,
      Instant createdAt,
      @Nullable Instant expiresAt) {
    KeyRecord read() {
      if (id == null || !KeyText.ID.matcher(id).matches()) {
        throw new IllegalArgumentException("id must be 16 hexadecimal digits");
      }
      if (hash == null || !KeyText.HASH.matcher(hash).matches()) {
        throw new IllegalArgumentException("hash of key '%s' must be a SHA-256".formatted(id));
      }
      if (owner == null || createdAt == null || roles == null || roles.contains(null)) {
        throw new IllegalArgumentException(
            "key '%s' must have owner, roles and createdAt".formatted(id));
      }
      Set<String> all = new TreeSet<>(roles);
      Principal principal = new Principal(owner, all, Optional.ofNullable(tenant));
      return new KeyRecord(
          new ApiKey(id, principal, createdAt, Optional.ofNullable(expiresAt)), hash);
    }
  }

  Document document() {
    Principal principal = key.principal();
    return new Document(
        key.id(),
        hash,
        principal.id(),
        List.copyOf(principal.roles()),
        principal.tenant().orElse(null),
        key.createdAt(),
        key.expiresAt().orElse(null));
  }

  byte[] encode() {
    return JSON.encode(document());
  }

  static KeyRecord decode(byte[] json) {
    return JSON.decode(json, Document.class).read();
  }
}
