package io.platformkit.benchmarks.realtime;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.ServerWebSocket;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process with Vert.x as it is meant to be used: a verticle a loop, which hears the event bus and
 * writes to its own sockets.
 */
final class VertxServer {
  private static final String TOPIC = "news";

  private VertxServer() {}

  /** Serves. */
  public static void main(String[] args) throws Exception {
    VertxOptions options =
        new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(2);
    Vertx vertx = Vertx.vertx(options);
    AtomicInteger port = new AtomicInteger();
    vertx
        .deployVerticle(() -> new Sockets(port), new DeploymentOptions().setInstances(2))
        .await(10, TimeUnit.SECONDS);
    Orders.follow(port.get(), () -> vertx.eventBus().publish(TOPIC, Orders.TEXT));
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  /** The sockets of one loop. */
  private static final class Sockets extends AbstractVerticle {
    private final AtomicInteger port;
    private final Set<ServerWebSocket> open = new LinkedHashSet<>();

    Sockets(AtomicInteger port) {
      this.port = port;
    }

    @Override
    public void start(Promise<Void> started) {
      vertx.eventBus().<String>consumer(TOPIC, message -> deliver(message.body()));
      vertx
          .createHttpServer()
          .webSocketHandler(this::add)
          .listen(-1, "127.0.0.1") // the same free port for all instances
          .onSuccess(server -> port.set(server.actualPort()))
          .<Void>mapEmpty()
          .onComplete(started);
    }

    private void add(ServerWebSocket socket) {
      open.add(socket);
      socket.closeHandler(closed -> open.remove(socket));
    }

    private void deliver(String text) {
      for (ServerWebSocket socket : open) {
        Future<Void> unused = socket.writeTextMessage(text);
      }
    }
  }
}
