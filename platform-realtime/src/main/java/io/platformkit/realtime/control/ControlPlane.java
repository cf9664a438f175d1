package io.platformkit.realtime.control;

import io.platformkit.core.Given;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Routes;
import io.platformkit.realtime.TopicAccess;
import io.platformkit.realtime.TopicOptions;
import io.platformkit.realtime.server.EventStream;
import io.platformkit.realtime.server.RealtimeServer;
import io.platformkit.realtime.server.RealtimeServerBuilder;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The control plane of a realtime server: streams and topics for its builder, endpoints for the
 * host's routes. Immutable.
 *
 * <pre>{@code
 * ControlPlane control = ControlPlane.builder().login(access.tokenTrade(keys, tokens)).build();
 * RealtimeServer server =
 *     control.addTo(RealtimeServer.builder().authenticator(…))
 *         .mountWith("/", built -> access.guard(control.addTo(Routes.builder(), built).build()).build())
 *         .build();
 * }</pre>
 *
 * <p>Streams of server-sent events, which the server itself guards:
 *
 * <ul>
 *   <li>{@code GET /events}: {@code {"message":"Connected", …}}, then what {@link EventFeed} tells,
 *       and what is published to the topic {@value #EVENTS}.
 *   <li>{@code GET /notifications/{user_id}}: events {@code notification}, one's own alone.
 *   <li>{@code GET /upload/{id}/progress}: what {@link Progress} reports, from the beginning; ends
 *       with 100 per cent.
 * </ul>
 *
 * <p>Endpoints, which the host's guard lets callers reach: {@code POST /api/v1/connections/login},
 * {@code GET /api/v1/connections/stats}, {@code GET /api/v1/connections/list}, {@code GET
 * /api/v1/connections/rooms/{room}/history}, {@code POST /api/v1/events/publish} and {@code POST
 * /messages}. Where the guard has found out who calls, an id in a body must be the caller's; where
 * it has not, only callers on this machine may change something or see who is connected, and they
 * are believed.
 */
public final class ControlPlane {
  /** The topic of {@code /events}. */
  public static final String EVENTS = "events";

  static final String NOTIFICATIONS = "notifications/";
  static final String UPLOADS = "uploads/";

  private static final int EVENTS_KEPT = 1_000;
  private static final int NOTIFICATIONS_KEPT = 1_000;
  private static final int REPORTS_KEPT = 1_000;

  private final Optional<HttpEndpoint> login;
  private final TopicAccess watchers;
  private final TopicAccess publishers;
  private final boolean anybodysNotifications;

  private ControlPlane(Builder options) {
    login = options.login;
    watchers = options.watchers;
    publishers = options.publishers;
    anybodysNotifications = options.anybodysNotifications;
  }

  /** Starts with all defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Adds the streams and their topics. */
  public RealtimeServerBuilder addTo(RealtimeServerBuilder server) {
    TopicAccess own =
        anybodysNotifications ? TopicAccess.ANYBODY : TopicAccess.owner(NOTIFICATIONS);
    return server
        .topic(EVENTS, watched(EVENTS_KEPT).publishers(publishers).build())
        .topic(UPLOADS + "*", watched(REPORTS_KEPT).build())
        .topic(
            NOTIFICATIONS + "*",
            TopicOptions.builder().history(NOTIFICATIONS_KEPT).subscribers(own).build())
        .events("/events", EventStream.of(request -> EVENTS).plain())
        .events(
            "/notifications/{user_id}",
            EventStream.of(request -> NOTIFICATIONS + request.pathVariable("user_id")).named())
        .events(
            "/upload/{id}/progress",
            EventStream.of(request -> UPLOADS + request.pathVariable("id"))
                .plain()
                .fromOldest()
                .until(Progress.DONE));
  }

  private TopicOptions.Builder watched(int kept) {
    return TopicOptions.builder().history(kept).subscribers(watchers);
  }

  /** Adds the endpoints, of a server that was built with {@link #addTo(RealtimeServerBuilder)}. */
  public Routes.Builder addTo(Routes.Builder routes, RealtimeServer server) {
    Connections connections = new Connections(server);
    login.ifPresent(endpoint -> routes.post("/api/v1/connections/login", endpoint));
    return routes
        .get("/api/v1/connections/stats", connections::stats)
        .get("/api/v1/connections/list", connections::list)
        .get("/api/v1/connections/rooms/{room}/history", connections::history)
        .post("/api/v1/events/publish", new Publishing(server))
        .post("/messages", new Messages(server));
  }

  /** Collects the options; for one thread. */
  public static final class Builder {
    private final Set<String> given = new HashSet<>();
    private Optional<HttpEndpoint> login = Optional.empty();
    private TopicAccess watchers = TopicAccess.ANYBODY;
    private TopicAccess publishers = TopicAccess.role("admin");
    private boolean anybodysNotifications;

    private Builder() {}

    /**
     * Answers the host's credentials with a token for the WebSocket: {@link
     * io.platformkit.core.access.Access#tokenTrade}, whose issuer the server's authenticator knows.
     * Default: there is no such path.
     */
    public Builder login(HttpEndpoint login) {
      Given.once(given, "login");
      this.login = Optional.of(login);
      return this;
    }

    /** Who may watch events and progress. Default: whoever has a session. */
    public Builder watchers(TopicAccess access) {
      this.watchers = Given.once(given, "watchers", access);
      return this;
    }

    /** Which known callers may publish to {@value #EVENTS}. Default: the role {@code admin}. */
    public Builder publishers(TopicAccess access) {
      this.publishers = Given.once(given, "publishers", access);
      return this;
    }

    /**
     * Whoever has a session may watch everybody's notifications: for servers that ask nobody who he
     * is, on 127.0.0.1. Default: one's own alone.
     */
    public Builder anybodysNotifications() {
      Given.once(given, "anybodysNotifications");
      anybodysNotifications = true;
      return this;
    }

    /** All is well as it was given. */
    public ControlPlane build() {
      return new ControlPlane(this);
    }
  }
}
