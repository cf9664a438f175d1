package io.platformkit.realtime.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.ProblemException;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.identity.Credentials;
import io.platformkit.core.identity.Principal;
import io.platformkit.core.log.Position;
import io.platformkit.realtime.http.Handover;
import io.platformkit.realtime.http.Takeover;
import io.platformkit.realtime.topics.Topics;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Opens streams of server-sent events at one path. */
final class SseDoor implements Takeover {
  private static final int RETRY_MILLIS = 2_000;

  private final String path;
  private final Pattern target;
  private final EventStream stream;
  private final Node node;
  private final Entrance entrance;
  private final Cursors cursors;

  SseDoor(String path, EventStream stream, Node node, Entrance entrance, Cursors cursors) {
    this.path = path;
    this.target = Pattern.compile(path.replaceAll("\\{[^}]*}", "[^/]+") + "/?");
    this.stream = stream;
    this.node = node;
    this.entrance = entrance;
    this.cursors = cursors;
  }

  /** The stream of the protocol: its topics are in the query. */
  static EventStream ofProtocol() {
    return EventStream.ofAll(request ->
        request.queryAll("topics").stream()
            .flatMap(names -> Arrays.stream(names.split(",", -1)))
            .filter(name -> !name.isEmpty())
            .toList());
  }

  @Override
  public boolean wants(HttpRequest head) {
    return head.method().equals(HttpMethod.GET) && target.matcher(Targets.path(head)).matches();
  }

  @Override
  public void take(Handover connection) {
    Optional<Problem> refusal = entrance.refusal(connection.request());
    Optional<Credentials> shown = node.gate().shown(connection.request());
    if (refusal.isPresent()) {
      entrance.refuse(connection, refusal.get());
    } else if (node.gate().asks() && shown.isEmpty()) {
      entrance.refuse(connection, Problem.of(401, "credentials missing"));
    } else {
      entrance.identify(connection, shown, Optional.empty(), visitor -> plan(connection, visitor));
    }
  }

  /** Who may receive what is asked where it may block. */
  private void plan(Handover connection, Entrance.Visitor visitor) {
    Optional<Principal> who = visitor.admitted().map(Gate.Finding.Admitted::principal);
    node.workers()
        .execute(() -> {
          try {
            Plan plan = plan(connection.request(), who);
            connection.channel().eventLoop().execute(() -> open(connection, visitor, plan));
          } catch (ProblemException refused) {
            connection
                .channel()
                .eventLoop()
                .execute(() -> entrance.refuse(connection, refused.problem()));
          } catch (RuntimeException failure) {
            node.errors().handle("stream at '%s'".formatted(path), failure);
            connection
                .channel()
                .eventLoop()
                .execute(() -> entrance.refuse(connection, Problem.of(500)));
          }
        });
  }

  /**
   * What a stream is to have.
   *
   * @param topics each with where it begins; null for what comes from now on
   * @param lost whether the client's cursor is of no use
   * @param ended whether its stream had ended
   */
  private record Plan(Map<String, @Nullable Position> topics, boolean lost, boolean ended) {}

  private Plan plan(Request asked, Optional<Principal> who) {
    Request request = asked.matching(path).orElse(asked);
    Map<String, @Nullable Position> topics = new LinkedHashMap<>();
    for (String topic : topics(request)) {
      topics.put(topic, stream.start());
    }
    boolean lost = false;
    boolean ended = false;
    Optional<String> cursor =
        request.header("Last-Event-ID").or(() -> request.query("last_event_id"));
    if (cursor.isPresent() && !cursor.get().isEmpty()) {
      switch (cursors.read(cursor.get(), who.map(Principal::id))) {
        case Cursors.Reading.Right right -> {
          topics.putAll(right.cursor().positions());
          ended = right.cursor().ended();
        }
        case Cursors.Reading.Unknown unknown -> lost = true;
        case Cursors.Reading.Forged forged -> {
          node.metrics().refused("cursor");
          throw Problem.of(403, "the cursor is another one's").toException();
        }
      }
    }
    requireAllowed(topics.keySet(), who);
    if (!cursors.fits(topics.keySet().stream().filter(node::isKept).toList())) {
      throw Problem.of(400, Cursors.TOO_LONG).toException();
    }
    return new Plan(topics, lost, ended);
  }

  private List<String> topics(Request request) {
    List<String> topics = stream.topics(request);
    if (topics.size() > node.limits().maxTopics()) {
      throw Problem.of(
              400,
              "topics were %d but a stream may have at most %d"
                  .formatted(topics.size(), node.limits().maxTopics()))
          .toException();
    }
    try {
      topics.forEach(Topics::requireName);
    } catch (IllegalArgumentException fault) {
      throw Problem.of(400, String.valueOf(fault.getMessage())).toException();
    }
    return topics;
  }

  private void requireAllowed(Set<String> topics, Optional<Principal> who) {
    for (String topic : topics) {
      if (!node.topics().rules().maySubscribe(who, topic)) {
        node.metrics().refused("subscription");
        throw Problem.of(403, "topic '%s' is not allowed".formatted(topic)).toException();
      }
    }
  }

  private void open(Handover connection, Entrance.Visitor visitor, Plan plan) {
    if (plan.ended()) {
      entrance.refuseForEver(connection);
      return;
    }
    Channel channel = connection.channel();
    SseCarrier carrier = new SseCarrier(channel, cursors, stream);
    ClientSession session = entrance.open(connection, visitor, carrier);
    carrier.carry(session);
    HttpResponse head = head(connection.head().protocolVersion());
    Response opened = entrance.opened(connection.request(), Response.status(200));
    opened.headers().forEach((name, values) -> head.headers().set(name, values));
    ChannelFuture unused = channel.write(head);
    channel.pipeline().addLast(carrier);
    connection.ignoreInput();
    carrier.retry(RETRY_MILLIS + ThreadLocalRandom.current().nextInt(RETRY_MILLIS));
    channel.flush();
    session.inbox().inTurn(() -> node.commands().begin(session, plan.topics(), plan.lost()));
  }

  /** An older proxy gets it until the connection ends. */
  private static HttpResponse head(HttpVersion version) {
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers()
        .set("Content-Type", "text/event-stream")
        .set("Cache-Control", "no-store")
        .set("X-Accel-Buffering", "no")
        .set("X-Content-Type-Options", "nosniff");
    if (version.equals(HttpVersion.HTTP_1_0)) {
      head.headers().set("Connection", "close");
    } else {
      head.headers().set("Transfer-Encoding", "chunked");
    }
    return head;
  }
}
