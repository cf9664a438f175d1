package io.platformkit.core.access;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Given;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An endpoint behind a table of who may call what. A request goes by the rule with the longest path
 * that fits; of those by one for its method before one for all reading or changing methods. Without
 * a rule whoever asks may read, with GET, HEAD and OPTIONS, and every other method needs the role
 * {@value #ADMIN}. Safe for concurrent use.
 *
 * <p>Answers 401 to who shows nothing or what is not valid, 403 to who lacks the role, 429 to
 * addresses that showed too much that was wrong, 503 while credentials cannot be checked, all as
 * problem documents. The endpoint finds the caller in {@link Request#principal}, unless the rule is
 * open: then credentials are not looked at.
 */
public final class Guard implements HttpEndpoint {
  /** The role that every change needs unless a rule says otherwise. */
  public static final String ADMIN = "admin";

  private final HttpEndpoint endpoint;
  private final HttpEndpoint checked;
  private final List<Rule> rules;
  private final Doorkeeper doorkeeper;
  private final Optional<Cors> cors;

  private Guard(Builder options) {
    endpoint = options.endpoint;
    doorkeeper = options.doorkeeper;
    cors = options.cors;
    rules = options.rules.stream().sorted(Rule.MOST_SPECIFIC_FIRST).toList();
    HttpEndpoint check = this::check;
    checked = check.guarded(options.errors);
  }

  @Override
  public Response handle(Request request) throws Exception {
    if (cors.isEmpty()) {
      return checked.handle(request);
    }
    Optional<Response> preflight = cors.get().preflight(request);
    return preflight.isPresent()
        ? preflight.get()
        : cors.get().opened(request, checked.handle(request));
  }

  private Response check(Request request) throws Exception {
    Need need = need(request);
    if (need instanceof Need.Open) {
      return endpoint.handle(request);
    }
    if (request.principal().isPresent()) {
      return need.before(endpoint).handle(request);
    }
    return switch (doorkeeper.find(request)) {
      case Doorkeeper.Finding.Answer answer -> answer.response();
      case Doorkeeper.Finding.Caller caller ->
          need.before(endpoint).handle(request.withPrincipal(caller.who().principal()));
    };
  }

  private Need need(Request request) {
    return rules.stream()
        .filter(rule -> rule.matches(request))
        .findFirst()
        .map(Rule::need)
        .orElseThrow(() -> new IllegalStateException("the root has a rule for every method"));
  }

  /** Collects the rules; for one thread. */
  public static final class Builder {
    private final HttpEndpoint endpoint;
    private final Doorkeeper doorkeeper;
    private final Optional<Cors> cors;
    private final ErrorHandler errors;
    private final List<Rule> rules = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    Builder(
        HttpEndpoint endpoint, Doorkeeper doorkeeper, Optional<Cors> cors, ErrorHandler errors) {
      this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
      this.doorkeeper = doorkeeper;
      this.cors = cors;
      this.errors = errors;
    }

    /**
     * What GET, HEAD and OPTIONS need from a path on down. Default for {@code /}: {@link
     * Need#open}.
     *
     * @param path segments from the root, not encoded; {@code *} stands for one of any text
     */
    public Builder reads(String path, Need need) {
      return add(Rule.READS, path, need);
    }

    /** What every other method needs. Default for {@code /}: the role {@value Guard#ADMIN}. */
    public Builder changes(String path, Need need) {
      return add(Rule.CHANGES, path, need);
    }

    /** What one method needs; GET speaks for HEAD too. */
    public Builder on(String method, String path, Need need) {
      return add(method, path, need);
    }

    private Builder add(String method, String path, Need need) {
      try {
        Rule rule = Rule.of(method, path, Objects.requireNonNull(need, "need"));
        if (rules.stream().anyMatch(rule::sameAs)) {
          faults.add("rule '%s' was already set".formatted(rule));
        }
        rules.add(rule);
      } catch (IllegalArgumentException e) {
        faults.add(e.getMessage());
      }
      return this;
    }

    /**
     * Checks everything.
     *
     * @throws IllegalArgumentException naming every rule that is wrong
     */
    public Guard build() {
      Given.refuse(faults);
      addUnlessThere(Rule.of(Rule.READS, "/", Need.open()));
      addUnlessThere(Rule.of(Rule.CHANGES, "/", Need.role(ADMIN)));
      return new Guard(this);
    }

    private void addUnlessThere(Rule rule) {
      if (rules.stream().noneMatch(rule::sameAs)) {
        rules.add(rule);
      }
    }
  }
}
