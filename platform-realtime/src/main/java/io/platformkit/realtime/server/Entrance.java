package io.platformkit.realtime.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.Reception;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.identity.Credentials;
import io.platformkit.core.identity.Principal;
import io.platformkit.realtime.CloseReason;
import io.platformkit.realtime.http.Handover;
import io.platformkit.realtime.topics.Lane;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who may connect, whatever carries it: origin, address, credentials; and the session's begin. */
final class Entrance {
  private final Node node;
  private final Origins origins;
  private final Addresses addresses;
  private final Map<EventLoop, Lane> lanes = new ConcurrentHashMap<>();
  private volatile boolean draining;

  Entrance(Node node, Origins origins, Addresses addresses) {
    this.node = node;
    this.origins = origins;
    this.addresses = addresses;
  }

  /**
   * A client that may open a session.
   *
   * @param admitted empty if it has to say who it is yet
   * @param claimed the id that it says it has
   */
  record Visitor(Optional<Gate.Finding.Admitted> admitted, Optional<String> claimed) {}

  /** Lets nobody in any more. */
  void drain() {
    draining = true;
  }

  boolean isDraining() {
    return draining;
  }

  /** Why a request gets no session, whoever it is from. */
  Optional<Problem> refusal(Request request) {
    if (draining) {
      return Optional.of(Problem.of(503, "the server is stopping"));
    }
    if (!origins.allow(request)) {
      node.metrics().refused("origin");
      return Optional.of(Problem.of(403, "the page's origin is not allowed"));
    }
    return Optional.empty();
  }

  /** What a request shows to say who it is from. */
  Optional<Credentials> shown(Request request) {
    return node.gate().shown(request);
  }

  /** Answers instead of opening a session, and ends the connection. On its event loop. */
  void refuse(Handover connection, Problem problem) {
    Response refusal = Reception.refusal(problem);
    Response timed = problem.status() == 429 ? refusal.withHeader("Retry-After", "1") : refusal;
    connection.answer(opened(connection.request(), timed));
  }

  /** An answer that the page which asked may read, if it may connect. */
  Response opened(Request request, Response answer) {
    return origins.opened(request, answer);
  }

  /** Tells a browser not to come back, for its stream has ended. */
  void refuseForEver(Handover connection) {
    connection.answer(Response.status(204));
  }

  /** Finds out who it is, and goes on with it on the connection's event loop; or refuses it. */
  void identify(
      Handover connection,
      Optional<Credentials> shown,
      Optional<String> claimed,
      Consumer<Visitor> next) {
    InetAddress address = connection.request().peer().getAddress();
    if (!addresses.enter(address)) {
      node.metrics().refused("address");
      refuse(connection, Problem.of(429, "the address has too many connections"));
      return;
    }
    ChannelFuture unused =
        connection.channel().closeFuture().addListener(closed -> addresses.leave(address));
    if (!node.gate().asks() || shown.isEmpty()) {
      next.accept(new Visitor(Optional.empty(), claimed));
      return;
    }
    EventLoop loop = connection.channel().eventLoop();
    node.workers()
        .execute(() -> {
          Gate.Finding finding = node.gate().check(shown.get(), address);
          loop.execute(() -> decide(connection, finding, claimed, next));
        });
  }

  private void decide(
      Handover connection, Gate.Finding finding, Optional<String> claimed, Consumer<Visitor> next) {
    switch (finding) {
      case Gate.Finding.Refused refused -> {
        node.metrics().refused("credentials");
        int status = refused.why() == CloseReason.UNAVAILABLE ? 503 : 401;
        refuse(connection, Problem.of(status, refused.why().words()));
      }
      case Gate.Finding.Admitted admitted -> {
        if (isAnothers(claimed, admitted.principal())) {
          node.metrics().refused("claim");
          refuse(connection, Problem.of(403, "the id in the path is another one's"));
        } else {
          next.accept(new Visitor(Optional.of(admitted), claimed));
        }
      }
    }
  }

  private Lane lane(EventLoop loop) {
    return new Lane(loop, node.metrics()::delivered);
  }

  static boolean isAnothers(Optional<String> claimed, Principal principal) {
    return claimed.filter(id -> !id.equals(principal.id())).isPresent();
  }

  /** Opens the session. On the connection's event loop, before anything is read. */
  ClientSession open(Handover connection, Visitor visitor, Carrier carrier) {
    Channel channel = connection.channel();
    EventLoop loop = channel.eventLoop();
    ClientSession session =
        new ClientSession(
            node.sessions().newId(),
            connection.request().peer(),
            node,
            lanes.computeIfAbsent(loop, this::lane),
            loop,
            carrier,
            visitor.claimed());
    node.sessions().add(session);
    if (visitor.admitted().isPresent() || !node.gate().asks()) {
      @Nullable Principal who =
          visitor.admitted().map(Gate.Finding.Admitted::principal).orElse(null);
      @Nullable Instant until =
          visitor.admitted().flatMap(Gate.Finding.Admitted::expiresAt).orElse(null);
      session.admit(who, until);
    }
    return session;
  }
}
