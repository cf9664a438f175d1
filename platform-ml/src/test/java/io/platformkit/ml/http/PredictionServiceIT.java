package io.platformkit.ml.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.ml.http.ModelHost.Answer;
import io.platformkit.ml.serving.PredictionCache;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over a socket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PredictionServiceIT {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private final PredictionCache cache = PredictionCache.builder().build();
  private final ModelHost host =
      new ModelHost(
          models -> PredictionService.of(models, "churn", () -> NOW),
          builder -> builder.cache(cache));

  @AfterAll
  void close() {
    host.close();
    cache.close();
  }

  private Map<String, @Nullable Object> ok(String path, String body) throws Exception {
    Answer answer = host.post(path, body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  @Test
  void aCustomerIsPredicted() throws Exception {
    Map<String, @Nullable Object> answer =
        ok(
            "/predict",
            """
            {"customer_id": "c-1", "features": {"age": 0.25, "income": 0.5, "shoe": 42},
             "request_id": "r-1", "priority": "high"}
            """);
    assertThat(answer)
        .containsEntry("customer_id", "c-1")
        .containsEntry("request_id", "r-1")
        .containsEntry("prediction", 1)
        .containsEntry("probability", 0.75)
        .containsEntry("confidence_level", "medium")
        .containsEntry("model_version", "1")
        .containsEntry("timestamp", "2026-11-21T12:00:00Z")
        .containsEntry("features_used", List.of("age", "income"))
        .containsKey("processing_time");
  }

  @Test
  void featuresAloneArePredicted() throws Exception {
    assertThat(ok("/predict", "{\"age\": 0.25}"))
        .containsEntry("prediction", 0)
        .containsEntry("probability", 0.25)
        .containsEntry("approved", false);
  }

  @Test
  void aBatchAnswersEachItemForItself() throws Exception {
    Map<String, @Nullable Object> answer =
        ok(
            "/predict/batch",
            """
            {"batch_id": "b-1",
             "requests": [{"customer_id": "a", "features": {"age": 0.25}},
                          {"customer_id": "b", "features": {"income": 0.25}},
                          {"features": {"age": 0.25}},
                          {"customer_id": "d", "features": {"age": 0.5}}]}
            """);
    assertThat(answer)
        .containsEntry("batch_id", "b-1")
        .containsEntry("total_processed", 4)
        .containsEntry("success_count", 2)
        .containsEntry("error_count", 2);
    assertThat(String.valueOf(answer.get("predictions")))
        .contains("customer_id=b, request_id=")
        .contains("error=feature 'age' was nothing but it must be a finite number from 0.0 to 1.0")
        .contains("error=requests[2].customer_id is missing; it must be a text, status=400");

    Answer plain = host.post("/predict/batch", "[{\"age\": 0.25}, {\"age\": 9}]");
    assertThat(plain.text())
        .startsWith("[{\"prediction\":0,\"probability\":0.25")
        .contains("{\"error\":\"feature 'age' was '9'");
  }

  @Test
  void tooLargeABatchIsRefused() throws Exception {
    String items =
        IntStream.range(0, 1001).mapToObj(i -> "{\"age\":0.5}").collect(Collectors.joining(","));
    Answer answer = host.post("/predict/batch", "[" + items + "]");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("requests was '1001' but it must be at most 1000");
  }

  @Test
  void anyModelIsAskedAboutAUserAndAnItem() throws Exception {
    String body =
        "{\"user_id\":\"u\",\"item_id\":\"i\",\"features\":[0.25],\"context\":{\"income\":0.125}}";
    assertThat(ok("/predict/churn/1", body))
        .containsEntry("user_id", "u")
        .containsEntry("item_id", "i")
        .containsEntry("model_id", "churn")
        .containsEntry("model_version", "1")
        .containsEntry("probability", 0.375)
        .hasEntrySatisfying("latency_ms", took -> assertThat((Double) took).isPositive());
    assertThat(ok("/predict/churn", body)).as("cached").containsEntry("latency_ms", 0.0);
    assertThat(ok("/predict/churn", "{\"features\":{\"age\":0.5}}"))
        .containsEntry("probability", 0.5)
        .doesNotContainKey("user_id");
  }

  @Test
  void modelsAreLoadedListedAndCounted() throws Exception {
    assertThat(ok("/load_model/echo/1", "{}"))
        .containsEntry("status", "success")
        .containsEntry("message", "model 'echo' version '1' is loaded");
    assertThat(host.get("/models").text())
        .contains(
            "\"model_id\":\"churn\",\"version\":\"1\",\"algorithm\":\"sum\",\"status\":\"production\"")
        .contains("\"metrics\":{\"auc\":0.9}");
    assertThat(host.get("/models/versions").json())
        .containsEntry("versions", List.of("1"))
        .containsEntry("current", "1")
        .containsKey("last_updated");
    assertThat(host.get("/stats").json())
        .containsEntry("loaded_models", 2)
        .containsEntry("models_in_cache", List.of("churn:1", "echo:1"))
        .containsKeys("total_requests", "total_errors", "cache_hit_rate", "avg_latency_ms");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/predict | 400 | {} | feature 'age' was nothing",
        "/predict | 400 | {\"features\":{}} | customer_id is missing; it must be a text",
        "/predict | 400 | {\"features\":{},\"customer_id\":\"\"} | customer_id was '' but it must be of 1 to 100 characters",
        "/predict | 400 | {\"features\":{},\"customer_id\":\"c\",\"priority\":\"top\"} | priority was 'top' but it must be low, normal or high",
        "/predict | 400 | {\"features\":3,\"customer_id\":\"c\"} | features was '3' but it must be an object",
        "/predict/churn | 400 | {\"features\":[1,2,3]} | features was '3 values' but it must be at most 2",
        "/predict/none | 404 | {} | model 'none' has no version in production",
        "/predict/churn/9 | 404 | {} | model 'churn' has no version '9' that serves",
        "/load_model/none/1 | 404 | {} | model 'none' has no version '1' that serves",
        "/predict/batch | 400 | {} | requests is missing; it must be a list",
        "/predict/batch | 400 | [1] | features[0] was '1' but it must be an object",
        "/predict/echo | 400 | {} | model 'echo' version '1' has no schema",
      })
  void whatIsWrongIsNamed(String path, int status, String body, String message) throws Exception {
    Answer answer = host.post(path, body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.http().headers().firstValue("Content-Type"))
        .contains("application/problem+json");
    assertThat(String.valueOf(answer.json().get("detail"))).contains(message);
  }

  @Test
  void eachMissingFeatureIsAMember() throws Exception {
    assertThat(host.post("/predict", "{}").text())
        .contains("\"faults\":[{")
        .contains("\"feature\":\"age\"");
  }
}
