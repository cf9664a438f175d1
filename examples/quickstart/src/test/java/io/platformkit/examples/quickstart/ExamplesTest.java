package io.platformkit.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.identity.Authentication;
import io.platformkit.core.identity.Principal;
import io.platformkit.core.store.InMemoryKeyValueStore;
import io.platformkit.realtime.server.RealtimeServer;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the examples print; the guides quote it. */
class ExamplesTest {
  static {
    System.setProperty("sun.net.httpserver.nodelay", "true"); // as a host does
  }

  @Test
  void jsonFromOutside() throws Exception {
    assertThat(Output.of(JsonFromOutside::main))
        .containsExactly(
            "{\"host\":\"web-1\",\"at\":\"2026-01-01T12:00:00Z\",\"celsius\":41.5}",
            "true",
            "$.celsius (line 1, column 27): must be a number");
  }

  @Test
  void sortableIds() throws Exception {
    assertThat(Output.of(SortableIds::main)).first().isEqualTo("true");
  }

  @Test
  void versionedValues() throws Exception {
    assertThat(Output.of(VersionedValues::main)).containsExactly("there is: sepia");
  }

  @Test
  void manyCallers() throws Exception {
    assertThat(Output.of(ManyCallers::main)).hasSize(2).first().isEqualTo("1000 rows");
  }

  @Test
  void versionsOfAModel() throws Exception {
    assertThat(Output.of(VersionsOfAModel::main))
        .containsExactly(
            "2026-02 is STAGED", "2026-01 is PRODUCTION", "2026-01", "slow on mobiles", "12 bytes");
  }

  @Test
  void stickyVariants() throws Exception {
    assertThat(Output.of(StickyVariants::main))
        .containsExactly(
            "control",
            "control",
            "[Range[variant=control, from=0, to=5000],"
                + " Range[variant=treatment, from=5000, to=10000]]");
  }

  @Test
  void healthOverHttp() throws Exception {
    assertThat(Output.of(HealthOverHttp::main))
        .containsExactly("ready: 200", "metrics: 200", "ready: 503", "alive: 200");
  }

  @Test
  void firstMessage() throws Exception {
    assertThat(Output.of(FirstMessage::main))
        .startsWith("connected", "subscribed")
        .contains("line", "ack")
        .hasSize(4);
  }

  @Test
  void whoMayReceive() throws Exception {
    try (InMemoryKeyValueStore revocations = InMemoryKeyValueStore.create();
        RealtimeServer server =
            WhoMayReceive.server(
                (credentials, peer) ->
                    new Authentication.Authenticated(
                        Principal.of(credentials.secret()), Optional.empty()),
                revocations)) {
      server.start();
      WhoMayReceive.send(server);
      assertThat(status(server, "/notifications/ann?token=cid")).isEqualTo(403);
      assertThat(status(server, "/notifications/ben?token=ben")).as("revoked").isEqualTo(401);
      assertThat(status(server, "/notifications/ann?token=ann")).isEqualTo(200);
    }
  }

  private static int status(RealtimeServer server, String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(server.uri() + path)).build();
      HttpResponse<InputStream> answer =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      answer.body().close();
      return answer.statusCode();
    }
  }

  @Test
  void uploadsInSight() throws Exception {
    assertThat(Output.of(UploadsInSight::main))
        .containsExactly(
            "data: {\"percentage\":40,\"status\":\"encoding\"}",
            "data: {\"percentage\":100,\"status\":\"complete\"}");
  }

  @Test
  void servingAModel() throws Exception {
    assertThat(Output.of(ServingAModel::main))
        .containsExactly(
            "11.0 by version 1",
            "14.0 by version 2",
            "11.0 by version 1",
            "feature 'clicks' was nothing but it must be a finite number from 0.0;"
                + " feature 'rating' was '9' but it must be a finite number from 1.0 to 5.0");
  }

  @Test
  void namedFeatures() throws Exception {
    assertThat(Output.of(NamedFeatures::main))
        .containsExactly(
            "41.0 0.0 20778.0 7.0 0.0 0.5 ",
            "feature 'age' was '412' but it must be a finite number from 0.0 to 130.0",
            "feature 'last_purchase' was nothing but it must be a day as 2026-11-21,"
                + " or a moment with an offset",
            "feature 'usage' was '[7]' but it must be a list of 3 finite numbers from 0.0",
            "true");
  }

  @Test
  void modelsOverHttp() throws Exception {
    assertThat(Output.of(ModelsOverHttp::main))
        .containsExactly(
            "200 {\"prediction\":9.0}",
            "200 {\"model_name\":\"ranker\",\"model_version\":\"1\",\"outputs\":["
                + "{\"name\":\"scores\",\"datatype\":\"FP32\",\"shape\":[1,1],\"data\":[11.0]}]}",
            "200 {\"predictions\":[[11.0],[2.5]]}",
            "403 {\"type\":\"about:blank\",\"title\":\"Forbidden\",\"status\":403,"
                + "\"detail\":\"this needs one of the roles [admin]\"}");
  }

  @Test
  void runningAModel() throws Exception {
    assertThat(Output.of(RunningAModel::main))
        .containsExactly(
            "[TensorSpec[name=features, type=FLOAT32, shape=[-1, 2]]]",
            "4.5 14.5",
            "on CPU",
            "0.25");
  }

  @Test
  void resumedReading() throws Exception {
    assertThat(Output.of(ResumedReading::main)).containsExactly("2 order 7 was sent");
  }

  @Test
  void announcements() throws Exception {
    assertThat(Output.of(Announcements::main)).containsExactly("changed: new-checkout");
  }

  @Test
  void oneAtATime() throws Exception {
    assertThat(Output.of(OneAtATime::main)).containsExactly("held: true", "held by two: false");
  }

  @Test
  void tryingAgain() throws Exception {
    assertThat(Output.of(TryingAgain::main)).hasSize(6).last().isEqualTo("given up");
  }

  @Test
  void closingInOrder() throws Exception {
    assertThat(Output.of(ClosingInOrder::main))
        .containsExactly("intake stopped", "connections released", "Closing 'workers' failed");
  }

  @Test
  void helloHttp() throws Exception {
    assertThat(Output.of(HelloHttp::main))
        .containsExactly(
            "200 {\"id\":\"7\",\"name\":\"a lamp\"}",
            "404 {\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,"
                + "\"detail\":\"there is no thing '8'\"}",
            "200 <!doctype html><title>Hello</title>");
  }

  @Test
  void whoMayCall() throws Exception {
    assertThat(Output.of(WhoMayCall::main))
        .containsExactly(
            "200 the page",
            "401 {\"type\":\"about:blank\",\"title\":\"Unauthorized\",\"status\":401,"
                + "\"detail\":\"the credentials are not valid\"}",
            "200 two orders",
            "403 {\"type\":\"about:blank\",\"title\":\"Forbidden\",\"status\":403,"
                + "\"detail\":\"this needs one of the roles [admin]\"}");
  }

  @Test
  void shortLivedTokens() throws Exception {
    assertThat(Output.of(ShortLivedTokens::main))
        .containsExactly("ana [clerk]", "refused: signature");
  }

  @Test
  void chartsOverHttp() throws Exception {
    assertThat(Output.of(ChartsOverHttp::main))
        .singleElement()
        .asString()
        .startsWith("{\"metric\":\"cpu.usage\",\"labels\":{\"host\":\"web-1\"},")
        .contains("\"raw_count\":3,\"shown_count\":3,")
        .contains("{\"timestamp\":\"2026-01-01T11:59:58Z\",\"value\":null}");
  }

  @Test
  void choosingADownsampler() throws Exception {
    assertThat(Output.of(ChoosingADownsampler::main))
        .containsExactly(
            "Lttb: 1000 points, 1 of spike and dip",
            "MinMaxLttb: 1000 points, 1 of spike and dip",
            "M4: 997 points, 2 of spike and dip");
  }

  @Test
  void gapsStayGaps() throws Exception {
    assertThat(Output.of(GapsStayGaps::main))
        .containsExactly("[0, 85, 228, 267, 399, 400, 600, 705, 863, 999]");
  }

  @Test
  void boundedSeries() throws Exception {
    assertThat(Output.of(BoundedSeries::main))
        .containsExactly(
            "false", "500000 points, the oldest of 500000000", "800 shown of all, 800 of 10,000");
  }

  @Test
  void liveChart() throws Exception {
    assertThat(Output.of(LiveChart::main))
        .containsExactly("201 shown, 199 of them settled", "the last one is at 9999.0");
  }

  @Test
  void rollUps() throws Exception {
    List<String> lines = Output.of(RollUps::main);

    assertThat(lines).startsWith("raw: []", "sum of the hour: 42.0").hasSize(3);
    assertThat(lines.getLast())
        .startsWith("refused samples: 1; the first because 'visits{page=home}' takes samples");
  }

  @Test
  void sharedQueries() throws Exception {
    assertThat(Output.of(SharedQueries::main)).containsExactly("1", "1");
  }

  @Test
  void cachedPrices() throws Exception {
    assertThat(Output.of(CachedPrices::main))
        .containsExactly(
            "Optional[10] Optional.empty", "Optional[11] Optional[11]", "3 loads, l1 hit 1");
  }
}
