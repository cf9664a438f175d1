package io.platformkit.ml.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import io.platformkit.core.UnavailableException;
import io.platformkit.core.health.HealthStatus;
import io.platformkit.core.log.InMemoryEventLog;
import io.platformkit.core.store.InMemoryKeyValueStore;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.ml.ModelInputException;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.batching.Priority;
import io.platformkit.ml.batching.Terms;
import io.platformkit.ml.registry.ArtifactStore;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.registry.NewVersion;
import io.platformkit.ml.schema.InvalidFeaturesException;
import io.platformkit.ml.schema.Prediction;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ModelServerTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ModelRegistry registry = ModelRegistry.inMemory();
  private final Models models = new Models();
  private final List<AutoCloseable> toClose = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : toClose.reversed()) {
      each.close();
    }
    registry.close();
    assertThat(models.open).hasValue(0);
  }

  private <T extends AutoCloseable> T closing(T something) {
    toClose.add(something);
    return something;
  }

  private ModelServerBuilder builder() {
    return ModelServer.builder(registry, models).timeout(MINUTE);
  }

  private ModelServer started(ModelServerBuilder builder) {
    ModelServer server = closing(builder.build());
    server.start();
    return server;
  }

  private static PredictionRequest ask(double x) {
    return PredictionRequest.of("m", Map.of("x", x));
  }

  private static double value(Served<Prediction> served) {
    assertThat(served).isInstanceOf(Served.Done.class);
    return ((Served.Done<Prediction>) served).value().value();
  }

  private static boolean isCached(Served<Prediction> served) {
    return ((Served.Done<Prediction>) served).cached();
  }

  @Test
  void whatIsInProductionAnswers() {
    Models.promote(registry, "m", "1", 1);
    ModelServer server = started(builder());

    Served<Prediction> served = server.predict(ask(7));

    assertThat(value(served)).isEqualTo(1007);
    assertThat(((Served.Done<Prediction>) served).id()).isEqualTo(new VersionId("m", "1"));
    assertThat(server.predictLater(ask(8)).join()).isInstanceOf(Served.Done.class);
  }

  @Test
  void aPromotionTakesOverAndARollbackGivesBack() {
    Models.promote(registry, "m", "1", 1);
    ModelServer server = started(builder());
    assertThat(value(server.predict(ask(7)))).isEqualTo(1007);

    Models.promote(registry, "m", "2", 2);
    await().until(() -> value(server.predict(ask(7))) == 2007);

    registry.rollback("m");
    await().until(() -> value(server.predict(ask(7))) == 1007);
    assertThat(models.loadsOf("m", "1")).as("it was still loaded").isEqualTo(1);
  }

  @Test
  void aModelThatIsRegisteredLaterIsFoundWhenItIsAskedFor() {
    ModelServer server = started(builder());
    assertThat(server.predict(ask(1)))
        .isEqualTo(new Served.NotFound<Prediction>("m", Optional.empty()));

    Models.promote(registry, "m", "1", 1);

    assertThat(value(server.predict(ask(1)))).isEqualTo(1001);
  }

  @Test
  void aVersionIsServedByNameInTheStagesThatMay() {
    Models.promote(registry, "m", "1", 1);
    Models.register(registry, "m", "2", 2);
    registry.register(NewVersion.builder("m", "3").schema(Models.SCHEMA).build());
    ModelServer server = started(builder());

    assertThat(value(server.predict(ask(1).version("2")))).isEqualTo(2001);
    assertThat(server.predict(ask(1).version("3"))).isInstanceOf(Served.NotFound.class);
    assertThat(server.predict(ask(1).version("none"))).isInstanceOf(Served.NotFound.class);
    assertThat(server.predict(ask(1).version("no name"))).isInstanceOf(Served.NotFound.class);
    assertThat(server.predict(PredictionRequest.of("no/name", Map.of())))
        .isInstanceOf(Served.NotFound.class);
  }

  @Test
  void featuresAndTensorsThatAModelDoesNotTakeAreRefused() {
    Models.promote(registry, "m", "1", 1);
    registry.register(NewVersion.builder("m", "raw").build(), Models.artifact(3));
    ModelServer server = started(builder());

    assertThat(server.predict(ask(5000)))
        .isInstanceOfSatisfying(
            Served.Refused.class,
            refused ->
                assertThat(refused.fault())
                    .isInstanceOf(InvalidFeaturesException.class)
                    .hasMessageContaining("feature 'x' was '5000.0'"));
    assertThat(
            server.infer(
                "m",
                Optional.empty(),
                Tensors.of("x", Tensor.of(new float[2], 1, 2)),
                Terms.DEFAULT))
        .isInstanceOfSatisfying(
            Served.Refused.class,
            refused -> assertThat(refused.fault()).isInstanceOf(ModelInputException.class));
    assertThat(server.predict(ask(1).version("raw")))
        .isInstanceOfSatisfying(
            Served.Refused.class,
            refused ->
                assertThat(refused.fault())
                    .hasMessage(
                        "model 'm' version 'raw' has no schema, so it takes tensors and no features"));
  }

  @Test
  void tensorsAreAnsweredWithTensors() {
    Models.promote(registry, "m", "1", 1);
    ModelServer server = started(builder());

    Served<Tensors> served =
        server.infer(
            "m",
            Optional.empty(),
            Tensors.of("x", Tensor.of(new float[] {1, 2, 3}, 3, 1)),
            Terms.DEFAULT);

    assertThat(served).isInstanceOf(Served.Done.class);
    Tensor y = ((Served.Done<Tensors>) served).value().get("y");
    assertThat(y.shape()).containsExactly(3, 1);
    assertThat(y.floats().get(2)).isEqualTo(1003);
  }

  @Test
  void manyRequestsAreAnsweredEachForItself() {
    Models.promote(registry, "m", "1", 1);
    Models.promote(registry, "n", "1", 9);
    ModelServer server = started(builder());

    List<Served<Prediction>> served =
        server.predictAll(
            List.of(
                ask(1),
                ask(9999),
                PredictionRequest.of("n", Map.of("x", 2)),
                PredictionRequest.of("none", Map.of("x", 2)),
                ask(3).on(Terms.of(Priority.HIGH)),
                ask(4)));

    assertThat(value(served.get(0))).isEqualTo(1001);
    assertThat(served.get(1)).isInstanceOf(Served.Refused.class);
    assertThat(value(served.get(2))).isEqualTo(9002);
    assertThat(served.get(3)).isInstanceOf(Served.NotFound.class);
    assertThat(value(served.get(4))).isEqualTo(1003);
    assertThat(value(served.get(5))).isEqualTo(1004);
    assertThat(server.predictAll(List.of())).isEmpty();
    List<PredictionRequest> tooMany = IntStream.range(0, 1001).mapToObj(i -> ask(1)).toList();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> server.predictAll(tooMany))
        .withMessage("requests was '1001' but it must be from 0 to 1000");
  }

  @Test
  void aRowThatHasNoPredictionFailsAlone() {
    Models.promote(registry, "m", "1", 1);
    models.instead =
        Optional.of((inputs, outputs) -> {
          var x = inputs.get("x").floats();
          for (int row = 0; row < x.limit(); row++) {
            outputs.get("y").floats().put(row, x.get(row) == 13 ? Float.NaN : x.get(row));
          }
        });
    for (Optional<PredictionCache> cache : List.of(Optional.<PredictionCache>empty(), cache())) {
      ModelServerBuilder builder = builder();
      cache.ifPresent(builder::cache);
      List<Served<Prediction>> served =
          started(builder).predictAll(List.of(ask(12), ask(13), ask(14)));

      assertThat(value(served.get(0))).isEqualTo(12);
      assertThat(served.get(1))
          .isInstanceOfSatisfying(
              Served.Failed.class,
              failed ->
                  assertThat(failed.failure())
                      .hasMessageContaining("output 'y' was 'NaN', which is no prediction"));
      assertThat(value(served.get(2))).isEqualTo(14);
    }
  }

  private Optional<PredictionCache> cache() {
    return Optional.of(closing(PredictionCache.builder().build()));
  }

  @Test
  void aPredictionIsComputedOnceForTheSameVersionIdsAndFeatures() {
    Models.promote(registry, "m", "1", 1);
    ModelServer server = started(builder().cache(cache().orElseThrow()));
    PredictionRequest request = ask(5).about("customer", "c-1");

    assertThat(isCached(server.predict(request))).isFalse();
    assertThat(isCached(server.predict(request))).isTrue();
    assertThat(isCached(server.predict(ask(5).about("customer", "c-2")))).isFalse();
    assertThat(isCached(server.predict(ask(6).about("customer", "c-1")))).isFalse();
    assertThat(isCached(server.predict(request.about("item", "i-1")))).isFalse();
    assertThat(isCached(server.predict(request.about("item", "i-1")))).isTrue();

    List<Served<Prediction>> all = server.predictAll(List.of(request, ask(7), ask(7)));
    assertThat(all).extracting(ModelServerTest::isCached).containsExactly(true, false, true);

    Models.promote(registry, "m", "2", 2);
    await().until(() -> value(server.predict(request)) == 2005);
    assertThat(server.statistics().cacheHitRate()).isPositive();
  }

  @Test
  void whatWasNotComputedIsNotKept() {
    Models.promote(registry, "m", "1", 1);
    ModelServer server = started(builder().cache(cache().orElseThrow()));
    models.instead =
        Optional.of((inputs, outputs) -> {
          throw new IllegalStateException("broken");
        });
    assertThat(server.predict(ask(5))).isInstanceOf(Served.Failed.class);

    models.instead = Optional.empty();
    assertThat(value(server.predict(ask(5)))).isEqualTo(1005);
  }

  @Test
  void theLeastRecentlyUsedVersionLeaves() {
    for (String model : List.of("a", "b", "c")) {
      Models.promote(registry, model, "1", 1);
    }
    ModelServer server = started(builder().maxModels(2).models("a", "b"));
    assertThat(models.open).hasValue(2);
    server.predict(PredictionRequest.of("b", Map.of("x", 1)));
    server.predict(PredictionRequest.of("a", Map.of("x", 1)));

    server.predict(PredictionRequest.of("c", Map.of("x", 1)));

    assertThat(server.isReady("a", Optional.empty())).isTrue();
    assertThat(server.isReady("b", Optional.empty())).isFalse();
    assertThat(server.isReady("c", Optional.of("1"))).isTrue();
    await().untilAtomic(models.open, is(2));
    assertThat(value(server.predict(PredictionRequest.of("b", Map.of("x", 1))))).isEqualTo(1001);
    assertThat(models.loadsOf("b", "1")).isEqualTo(2);
  }

  @Test
  void modelsKeepWithinTheirBytes() {
    for (String model : List.of("a", "b")) {
      Models.promote(registry, model, "1", 1);
    }
    models.bytes = OptionalLong.of(60);
    ModelServer server = started(builder().maxBytes(100));

    assertThat(server.statistics().loaded()).hasSize(1);
    models.bytes = OptionalLong.of(101);
    Models.register(registry, "a", "2", 2);
    assertThat(server.load("a", Optional.of("2")))
        .isInstanceOfSatisfying(
            Served.Failed.class,
            failed ->
                assertThat(failed.failure())
                    .hasMessageContaining("it needs 101 bytes but models may have 100"));
  }

  @Test
  void aVersionThatCannotBeLoadedLeavesItsPredecessorInPlaceAndIsTriedAgain() throws Exception {
    Models.promote(registry, "m", "1", 1);
    ModelServer server = started(builder());
    assertThat(server.check().check().status()).isEqualTo(HealthStatus.HEALTHY);

    models.failure = Optional.of(new IllegalStateException("no room"));
    Models.promote(registry, "m", "2", 2);
    await().until(() -> server.check().check().status() == HealthStatus.DEGRADED);
    assertThat(server.check().check().detail())
        .contains("model 'm' version '2'")
        .contains("told to fail");
    assertThat(value(server.predict(ask(1)))).isEqualTo(1001);
    assertThat(server.models())
        .singleElement()
        .satisfies(model -> {
          assertThat(model.version()).contains("1");
          assertThat(model.trouble().orElse("")).contains("told to fail");
        });

    models.failure = Optional.empty();
    await().until(() -> value(server.predict(ask(1))) == 2001);
    assertThat(server.check().check().status()).isEqualTo(HealthStatus.HEALTHY);
  }

  @Test
  void aModelWhoseOnlyVersionCannotBeLoadedIsUnhealthyAndSaysWhy() throws Exception {
    Models.promote(registry, "m", "1", 1);
    models.failure = Optional.of(new IllegalStateException("no room"));
    ModelServer server = started(builder());

    assertThat(server.check().check().status()).isEqualTo(HealthStatus.UNHEALTHY);
    assertThat(server.predict(ask(1)))
        .isInstanceOfSatisfying(
            Served.Failed.class,
            failed -> assertThat(failed.failure()).hasMessageContaining("told to fail"));
  }

  @Test
  void aModelThatHangsLeavesOthersAlone() throws Exception {
    Models.promote(registry, "m", "1", 1);
    Models hanging = new Models();
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch running = new CountDownLatch(1);
    hanging.instead =
        Optional.of((inputs, outputs) -> {
          running.countDown();
          goOn.await();
        });
    Models.promote(registry, "slow", "1", 1);
    ModelServer server =
        closing(
            ModelServer.builder(
                    registry,
                    (id, artifact) ->
                        (id.model().equals("slow") ? hanging : models).load(id, artifact))
                .models("m")
                .timeout(MINUTE)
                .build());
    server.start();
    List<CompletableFuture<Served<Prediction>>> stuck = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      stuck.add(server.predictLater(PredictionRequest.of("slow", Map.of("x", i))));
    }
    // its very loading hangs, for it is warmed up
    running.await();

    assertThat(value(server.predict(ask(1)))).isEqualTo(1001);
    goOn.countDown();
    assertThat(stuck).allSatisfy(one -> assertThat(one.join()).isInstanceOf(Served.Done.class));
  }

  @Test
  void nodesShareWhatTheyComputedThroughATier() {
    Models.promote(registry, "m", "1", 1);
    InMemoryKeyValueStore tier = closing(InMemoryKeyValueStore.create());
    ModelServer one = started(builder().cache(closing(shared(tier))));
    ModelServer other = started(builder().cache(closing(shared(tier))));

    assertThat(isCached(one.predict(ask(5)))).isFalse();
    assertThat(isCached(other.predict(ask(5)))).isTrue();
    assertThat(value(other.predict(ask(5)))).isEqualTo(1005);
  }

  private static PredictionCache shared(KeyValueStore tier) {
    return PredictionCache.builder().tier(tier).build();
  }

  @Test
  void predictionsAboutPairsAreKeptForAShorterTime() {
    SettableClock clock = SettableClock.create();
    ManualTimers timers = ManualTimers.with(clock);
    Models.promote(registry, "m", "1", 1);
    PredictionCache cache = closing(PredictionCache.builder().clock(clock).timers(timers).build());
    ModelServer server = started(builder().cache(cache));
    PredictionRequest single = ask(5).about("user", "u");
    PredictionRequest pair = single.about("item", "i");
    server.predict(single);
    server.predict(pair);

    timers.advance(Duration.ofMinutes(6));
    assertThat(isCached(server.predict(pair))).isFalse();
    assertThat(isCached(server.predict(single))).isTrue();
    timers.advance(Duration.ofMinutes(61));
    assertThat(isCached(server.predict(single))).isFalse();
  }

  @Test
  void anArtifactThatIsNotWhatWasRegisteredIsNotServed() {
    Map<String, byte[]> files = new ConcurrentHashMap<>();
    ArtifactStore store =
        new ArtifactStore() {
          @Override
          public String put(String sha256, byte[] artifact) {
            files.put(sha256, artifact);
            return sha256;
          }

          @Override
          public Optional<byte[]> get(String location) {
            return Optional.ofNullable(files.get(location));
          }
        };
    InMemoryKeyValueStore values = closing(InMemoryKeyValueStore.builder().scannable(true).build());
    InMemoryEventLog log = closing(InMemoryEventLog.create());
    ModelRegistry checked = closing(ModelRegistry.builder(values, log).artifacts(store).build());
    Models.promote(checked, "m", "1", 1);
    files.replaceAll((sha256, artifact) -> Models.artifact(2));
    ModelServer server = closing(ModelServer.builder(checked, models).build());
    server.start();

    assertThat(server.predict(ask(1)))
        .isInstanceOfSatisfying(
            Served.Failed.class,
            failed ->
                assertThat(failed.failure())
                    .hasMessageContaining("model 'm' version '1'")
                    .hasMessageContaining("SHA-256"));
  }

  @Test
  void whatIsLoadedAnswersWhileTheRegistryIsAway() throws Exception {
    InMemoryKeyValueStore store = closing(InMemoryKeyValueStore.builder().scannable(true).build());
    InMemoryEventLog log = closing(InMemoryEventLog.create());
    AtomicBoolean away = new AtomicBoolean();
    ModelRegistry remote = closing(ModelRegistry.builder(failing(store, away), log).build());
    Models.promote(remote, "m", "1", 1);
    Models.promote(remote, "n", "1", 1);
    ModelServer server =
        closing(ModelServer.builder(remote, models).models("m").timeout(MINUTE).build());
    server.start();

    away.set(true);
    assertThat(value(server.predict(ask(1)))).isEqualTo(1001);
    assertThat(value(server.predict(ask(1).version("1")))).isEqualTo(1001);
    assertThat(server.predict(ask(1).version("2"))).isInstanceOf(Served.Unavailable.class);
    PredictionRequest other = PredictionRequest.of("n", Map.of("x", 1));
    assertThat(server.predict(other)).isInstanceOf(Served.Unavailable.class);

    away.set(false);
    assertThat(value(server.predict(other))).isEqualTo(1001);
  }

  @Test
  void aServerThatStartsWhileTheRegistryIsAwayAnswersLater() throws Exception {
    InMemoryKeyValueStore store = closing(InMemoryKeyValueStore.builder().scannable(true).build());
    InMemoryEventLog log = closing(InMemoryEventLog.create());
    AtomicBoolean away = new AtomicBoolean();
    ModelRegistry remote = closing(ModelRegistry.builder(failing(store, away), log).build());
    Models.promote(remote, "m", "1", 1);
    away.set(true);
    ModelServer server =
        closing(ModelServer.builder(remote, models).models("m").timeout(MINUTE).build());
    server.start();
    assertThat(server.predict(ask(1))).isInstanceOf(Served.Unavailable.class);
    assertThat(server.check().check().status()).isEqualTo(HealthStatus.UNHEALTHY);

    away.set(false);
    await().until(() -> server.predict(ask(1)) instanceof Served.Done);
    assertThat(server.check().check().status()).isEqualTo(HealthStatus.HEALTHY);
  }

  /** The store, or nothing while it is away. */
  private static KeyValueStore failing(KeyValueStore store, AtomicBoolean away) {
    return (KeyValueStore)
        Proxy.newProxyInstance(
            KeyValueStore.class.getClassLoader(),
            new Class<?>[] {KeyValueStore.class},
            (proxy, method, arguments) -> {
              if (away.get()) {
                throw new UnavailableException("away");
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException failure) {
                throw failure.getCause();
              }
            });
  }

  @Test
  void aVersionIsLoadedOnceWhoeverAsks() {
    Models.promote(registry, "m", "1", 1);
    Models.register(registry, "m", "2", 2);
    ModelServer server = started(builder());

    List<Served<Prediction>> served =
        Stream.generate(() -> server.predictLater(ask(1).version("2"))).limit(64).toList().stream()
            .map(future -> future.join())
            .toList();

    assertThat(served).allSatisfy(one -> assertThat(value(one)).isEqualTo(2001));
    assertThat(models.loadsOf("m", "2")).isEqualTo(1);
  }

  @Test
  void aRequestUnderWayIsFinishedWhenItsVersionLeaves() throws Exception {
    Models.promote(registry, "a", "1", 1);
    Models.promote(registry, "b", "1", 2);
    ModelServer server = started(builder().maxModels(1).models("a"));
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    models.instead =
        Optional.of((inputs, outputs) -> {
          running.countDown();
          goOn.await();
          outputs.get("y").floats().put(0, 42);
        });
    var answer = server.predictLater(PredictionRequest.of("a", Map.of("x", 1)));
    running.await();
    models.instead = Optional.empty();

    assertThat(value(server.predict(PredictionRequest.of("b", Map.of("x", 1))))).isEqualTo(2001);
    assertThat(server.isReady("a", Optional.empty())).isFalse();
    assertThat(models.open).as("a is still in use").hasValue(2);
    goOn.countDown();

    assertThat(value(answer.join())).isEqualTo(42);
    await().untilAtomic(models.open, is(1));
  }

  @Test
  void statisticsSayWhatWasAskedAndAnswered() {
    Models.promote(registry, "m", "1", 1);
    ModelServer server = started(builder());
    server.predict(ask(1));
    server.predict(ask(5000));
    server.predict(PredictionRequest.of("none", Map.of()));

    ServerStatistics statistics = server.statistics();

    assertThat(statistics.requests()).isEqualTo(3);
    assertThat(statistics.errors()).isEqualTo(2);
    assertThat(statistics.loaded())
        .singleElement()
        .satisfies(one -> {
          assertThat(one.done()).isEqualTo(1);
          assertThat(one.refused()).isEqualTo(1);
          assertThat(one.lastMinute()).isEqualTo(1);
          assertThat(one.p99()).isPositive();
          assertThat(one.batches().orElseThrow().batches()).isPositive();
        });
  }

  @Test
  void aServerThatIsNotOpenRefuses() {
    ModelServer server = builder().build();
    assertThatIllegalStateException()
        .isThrownBy(() -> server.predict(ask(1)))
        .withMessage("model server was asked before start()");
    server.start();
    assertThatIllegalStateException().isThrownBy(server::start);
    server.close();
    server.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> server.predict(ask(1)))
        .withMessage("model server is closed");
  }

  @Test
  void optionsThatMakeNoSenseAreRefusedTogether() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            ModelServer.builder(registry, models)
                .maxModels(0)
                .maxItems(0)
                .maxBytes(0)
                .separateRuns(0, -1)
                .timeout(Duration.ZERO)
                .build())
        .withMessageContaining("maxModels was '0' but it must be from 1 to 1000")
        .withMessageContaining("maxItems was '0' but it must be from 1 to 10000")
        .withMessageContaining("maxBytes was '0' but it must be at least 1")
        .withMessageContaining("separateRuns.atOnce was '0' but it must be from 1 to 1000")
        .withMessageContaining("separateRuns.waiting was '-1' but it must be from 0 to 100000")
        .withMessageContaining("timeout was 'PT0S' but it must be from PT0.001S to PT1H");
  }
}
