package io.platformkit.ml.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.http.Routes;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.http.ModelHost.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over a socket, in the forms of the published interface. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TensorFlowServingIT {
  private static final String CHURN = "/v1/models/churn:predict";

  private final ModelHost host =
      new ModelHost(models -> Routes.builder().mount("/v1", TensorFlowServing.of(models)).build());

  @AfterAll
  void close() {
    host.close();
  }

  private Map<String, ?> ok(String path, String body) throws Exception {
    Answer answer = host.post(path, body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/models/churn:predict | {\"instances\":[[0.25,0.5],[0.125,0]]}",
        "/v1/models/churn/versions/1:predict | {\"instances\":[[0.25,0.5],[0.125,0]]}",
        "/v1/models/churn:predict | {\"instances\":[{\"x\":[0.25,0.5]},{\"x\":[0.125,0]}]}",
        "/v1/models/churn:predict | {\"instances\":[{\"age\":0.25,\"income\":0.5},{\"age\":0.125}]}",
        "/v1/models/churn:predict | {\"signature_name\":\"any\",\"instances\":[[0.25,0.5],[0.125,0]]}",
      })
  void instancesAreAnsweredRowByRow(String path, String body) throws Exception {
    assertThat(ok(path, body).get("predictions"))
        .isEqualTo(List.of(List.of(0.25, 0.75), List.of(0.875, 0.125)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"inputs\":[[0.25,0.5],[0.125,0]]}",
        "{\"inputs\":{\"x\":[[0.25,0.5],[0.125,0]]}}",
      })
  void columnsAreAnsweredByColumn(String body) throws Exception {
    assertThat(ok(CHURN, body).get("outputs"))
        .isEqualTo(List.of(List.of(0.25, 0.75), List.of(0.875, 0.125)));
  }

  @Test
  void severalOutputsAreAnsweredByName() throws Exception {
    StringBuilder one = new StringBuilder();
    StringBuilder columns = new StringBuilder();
    for (var type : TensorType.values()) {
      String values =
          switch (type) {
            case BOOL -> "[true,false]";
            case STRING -> "[\"a\",{\"b64\":\"w7w=\"}]";
            default -> "[1,2]";
          };
      one.append(one.isEmpty() ? "" : ",").append("\"in_%s\":%s".formatted(type, values));
      columns.append(columns.isEmpty() ? "" : ",").append("\"in_%s\":[%s]".formatted(type, values));
    }
    Map<String, ?> rows = ok("/v1/models/echo:predict", "{\"instances\":[{" + one + "}]}");
    assertThat(String.valueOf(rows.get("predictions")))
        .contains("out_STRING=[a, \u00fc]")
        .contains("out_INT64=[1, 2]")
        .contains("out_BOOL=[true, false]");
    Map<String, ?> outputs = ok("/v1/models/echo:predict", "{\"inputs\":{" + columns + "}}");
    assertThat(String.valueOf(outputs.get("outputs"))).contains("out_FLOAT16=[[1.0, 2.0]]");
  }

  @Test
  void aModelTellsWhetherItsVersionsAreThere() throws Exception {
    Answer status = host.get("/v1/models/churn");
    assertThat(status.json())
        .containsEntry(
            "model_version_status",
            List.of(
                Map.of(
                    "version", "1",
                    "state", "AVAILABLE",
                    "status", Map.of("error_code", "OK", "error_message", ""))));
    assertThat(host.get("/v1/models/churn/versions/1").text()).isEqualTo(status.text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | {} | one of 'instances' and 'inputs' must be there, and not both",
        "400 | {\"instances\":[],\"inputs\":[]} | one of 'instances' and 'inputs' must be there",
        "400 | {\"instances\":[]} | instances was '[]' but it must be a list of at least one",
        "400 | {\"instances\":1} | instances was '1' but it must be a list of at least one",
        "400 | {\"instances\":[[1]]} | input 'x' had 1 elements but its shape FLOAT32[1, 2] has 2",
        "400 | {\"instances\":[[1,2],[\"a\",2]]} | element 2 of input 'x' was 'a' but it must be a FP32",
        "400 | {\"instances\":[{\"x\":[1,2]},3]} | instances[1] was '3' but it must be an object",
        "400 | {\"instances\":[{\"age\":0.5},3]} | instances[1] was '3' but it must be an object",
        "400 | {\"instances\":[{\"age\":2}]} | feature 'age' was '2' but it must be a finite number from 0.0 to 1.0",
        "400 | {\"inputs\":{\"z\":[1]}} | input was 'z' but it must be one of [x]",
        "400 | {\"inputs\":{\"x\":{\"b64\":1}}} | input 'x'",
        "400 | {\"instances\" | $.instances",
      })
  void whatIsWrongIsNamed(int status, String body, String message) throws Exception {
    Answer answer = host.post(CHURN, body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.json()).containsOnlyKeys("error");
    assertThat(String.valueOf(answer.json().get("error"))).contains(message);
  }

  @Test
  void whatIsNotThereIsNotFoundInTheInterfacesForm() throws Exception {
    for (String path : List.of("/v1/models/none:predict", "/v1/models/churn", "/v1/none")) {
      Answer answer = host.post(path, "{\"instances\":[[1,2]]}");
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.json()).containsOnlyKeys("error");
    }
    assertThat(host.get("/v1/models/none").status()).isEqualTo(404);
    assertThat(host.get("/v1/models/churn/versions/9").status()).isEqualTo(404);
  }
}
