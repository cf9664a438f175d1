package io.platformkit.core.access;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.http.Routes;
import io.platformkit.core.identity.ApiKey;
import io.platformkit.core.identity.ApiKeys;
import io.platformkit.core.identity.NewApiKey;
import io.platformkit.core.identity.Principal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * API keys over HTTP, for callers with one role: {@code GET /?after=…&limit=…} lists them, {@code
 * POST /} with {@code {"owner", "roles", "tenant", "expires_at"}} makes one and shows its secret
 * this once, {@code DELETE /{id}} revokes it. Safe for concurrent use.
 *
 * <p>Whoever has a tenant sees and makes keys of that tenant alone, with roles that it has itself.
 */
public final class KeyAdministration {
  private static final int DEFAULT_LIMIT = 100;

  private final ApiKeys keys;
  private final Need need;

  private KeyAdministration(ApiKeys keys, Need need) {
    this.keys = keys;
    this.need = need;
  }

  /** For callers with the role {@value Guard#ADMIN}. */
  public static HttpEndpoint of(ApiKeys keys) {
    return of(keys, Guard.ADMIN);
  }

  /** For callers with this role; a {@link Guard} in front says who they are. */
  public static HttpEndpoint of(ApiKeys keys, String role) {
    var administration = new KeyAdministration(keys, Need.role(role));
    return Routes.builder()
        .get("/", administration::list)
        .post("/", administration::create)
        .delete("/{id}", administration::revoke)
        .build();
  }

  private Response list(Request request) {
    Principal caller = need.require(request);
    int limit = request.queryInt("limit", 1, ApiKeys.MAX_PAGE).orElse(DEFAULT_LIMIT);
    List<ApiKey> page = keys.list(after(request), limit);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put(
        "keys",
        page.stream().filter(key -> sees(caller, key)).map(KeyAdministration::shown).toList());
    if (page.size() == limit) {
      answer.put("next", page.getLast().id());
    }
    return Response.json(answer);
  }

  private static String after(Request request) {
    String after = request.query("after").orElse("");
    if (after.length() > 64) {
      throw Problem.ofParameter("after", after, "must be the id of a key").toException();
    }
    return after;
  }

  private Response create(Request request) {
    Principal caller = need.require(request);
    Wanted wanted = request.json(Wanted.class);
    try {
      Principal principal = wanted.principal(caller);
      requireRolesOf(caller, principal);
      Instant end = wanted.expiresAt();
      NewApiKey made = end == null ? keys.create(principal) : keys.create(principal, end);
      Map<String, Object> answer = shown(made.key());
      answer.put("secret", made.secret());
      return Response.json(answer).withStatus(201).withHeader("Cache-Control", "no-store");
    } catch (IllegalArgumentException e) {
      throw Problem.of(400, String.valueOf(e.getMessage())).toException();
    }
  }

  private static void requireRolesOf(Principal caller, Principal made) {
    boolean may =
        caller.tenant().isEmpty()
            || (caller.tenant().equals(made.tenant()) && caller.roles().containsAll(made.roles()));
    if (!may) {
      throw Problem.of(403, "keys of the own tenant, with own roles, may be made alone")
          .toException();
    }
  }

  private Response revoke(Request request) {
    Principal caller = need.require(request);
    String id = request.pathVariable("id");
    boolean revoked = keys.find(id).filter(key -> sees(caller, key)).isPresent() && keys.revoke(id);
    return revoked ? Response.status(204) : Problem.of(404, "there is no such key").toResponse();
  }

  private static boolean sees(Principal caller, ApiKey key) {
    return caller.tenant().isEmpty() || caller.tenant().equals(key.principal().tenant());
  }

  private static Map<String, Object> shown(ApiKey key) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("id", key.id());
    answer.put("owner", key.principal().id());
    answer.put("roles", key.principal().roles());
    key.principal().tenant().ifPresent(tenant -> answer.put("tenant", tenant));
    answer.put("created_at", key.createdAt());
    key.expiresAt().ifPresent(end -> answer.put("expires_at", end));
    return answer;
  }

  private record Wanted(
      @Nullable String owner,
      @Nullable List<String> roles,
      @Nullable String tenant,
      @JsonProperty("expires_at") @Nullable Instant expiresAt) {

    /** Of the caller's tenant unless another one is named. */
    Principal principal(Principal caller) {
      if (owner == null || roles == null || roles.contains(null)) {
        throw new IllegalArgumentException("owner and roles must be there");
      }
      Optional<String> of = tenant == null ? caller.tenant() : Optional.of(tenant);
      return new Principal(owner, new TreeSet<>(roles), of);
    }
  }
}
