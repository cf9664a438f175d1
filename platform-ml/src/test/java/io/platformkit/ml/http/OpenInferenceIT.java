package io.platformkit.ml.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.platformkit.core.http.Routes;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.http.ModelHost.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Over a socket, against the published OpenAPI schema of the protocol. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenInferenceIT {
  private static final String CHURN = "/v2/models/churn/infer";

  private final ModelHost host =
      new ModelHost(models -> Routes.builder().mount("/v2", OpenInference.of(models)).build());
  private JsonNode protocol = new ObjectMapper().nullNode();

  @BeforeAll
  void readProtocol() throws IOException {
    try (InputStream yaml =
        OpenInferenceIT.class.getResourceAsStream("/open-inference/open_inference_rest.yaml")) {
      protocol = new ObjectMapper(new YAMLFactory()).readTree(yaml);
    }
  }

  @AfterAll
  void close() {
    host.close();
  }

  /** Checks a document against a schema of the protocol. */
  private void assertIs(String schema, byte[] json) throws IOException {
    JsonNode whole = protocol.deepCopy();
    ((ObjectNode) whole).put("$ref", "#/components/schemas/" + schema);
    JsonSchema read = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(whole);
    Set<ValidationMessage> faults = read.validate(new ObjectMapper().readTree(json));
    assertThat(faults).as(new String(json, UTF_8)).isEmpty();
  }

  private Answer assertError(Answer answer, int status) throws IOException {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertIs("inference_error_response", answer.http().body());
    assertThat(answer.json()).containsOnlyKeys("error");
    return answer;
  }

  @Test
  void theSchemaThatAnswersAreCheckedAgainstRefusesOthers() throws IOException {
    JsonNode whole = protocol.deepCopy();
    ((ObjectNode) whole).put("$ref", "#/components/schemas/inference_response");
    JsonSchema schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(whole);
    assertThat(schema.validate(new ObjectMapper().readTree("{\"model_name\": 1}"))).isNotEmpty();
  }

  @Test
  void theServerTellsItsNameAndThatItIsThere() throws Exception {
    Answer metadata = host.get("/v2");
    assertIs("metadata_server_response", metadata.http().body());
    assertThat(metadata.json()).containsEntry("extensions", List.of("binary_tensor_data"));
    assertThat(host.get("/v2/").status()).isEqualTo(200);
    assertThat(host.get("/v2/health/live").json()).containsEntry("live", true);
    assertThat(host.get("/v2/health/ready").json()).containsEntry("ready", true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/models/churn", "/v2/models/churn/versions/1"})
  void aModelTellsItsTensors(String path) throws Exception {
    Answer model = host.get(path);
    assertIs("metadata_model_response", model.http().body());
    assertThat(model.json())
        .containsEntry("name", "churn")
        .containsEntry("versions", List.of("1"))
        .containsEntry(
            "inputs", List.of(Map.of("name", "x", "datatype", "FP32", "shape", List.of(-1, 2))));
    assertThat(host.get(path + "/ready").json()).containsEntry("ready", true);
  }

  @Test
  void anInferenceIsAnsweredInTheProtocolsForm() throws Exception {
    String request =
        """
        {"id": "42",
         "inputs": [{"name": "x", "shape": [2, 2], "datatype": "FP32",
                     "data": [[0.25, 0.5], [0.125, 0]]}],
         "outputs": [{"name": "p"}]}
        """;
    assertIs("inference_request", request.getBytes(UTF_8));

    Answer answer = host.post(CHURN, request);

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertIs("inference_response", answer.http().body());
    assertThat(answer.json())
        .containsEntry("id", "42")
        .containsEntry("model_name", "churn")
        .containsEntry("model_version", "1")
        .containsEntry(
            "outputs",
            List.of(
                Map.of(
                    "name",
                    "p",
                    "datatype",
                    "FP32",
                    "shape",
                    List.of(2, 2),
                    "data",
                    List.of(0.25, 0.75, 0.875, 0.125))));
    assertThat(host.post("/v2/models/churn/versions/1/infer", request).text())
        .isEqualTo(answer.text());
  }

  @Test
  void tensorsTravelAsBytesInBothDirections() throws Exception {
    ByteBuffer row = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    row.putFloat(0.25f).putFloat(0.5f).putFloat(0.125f).putFloat(0);
    String header =
        """
        {"inputs": [{"name": "x", "shape": [2, 2], "datatype": "FP32",
                     "parameters": {"binary_data_size": 16}}],
         "parameters": {"binary_data_output": true}}
        """;
    Answer answer = postBinary(CHURN, header, row.array());

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    int length =
        (int) answer.http().headers().firstValueAsLong("Inference-Header-Content-Length").orElse(0);
    byte[] body = answer.http().body();
    assertThat(new String(body, 0, length, UTF_8))
        .contains("\"parameters\":{\"binary_data_size\":16}")
        .doesNotContain("\"data\"");
    ByteBuffer p = ByteBuffer.wrap(body, length, 16).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(List.of(p.getFloat(), p.getFloat(), p.getFloat(), p.getFloat()))
        .containsExactly(0.25f, 0.75f, 0.875f, 0.125f);
    assertThat(body).hasSize(length + 16);
  }

  private Answer postBinary(String path, String header, byte[] tensors) throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(header.getBytes(UTF_8));
    body.writeBytes(tensors);
    return host.send(
        HttpRequest.newBuilder(host.url(path))
            .header("Content-Type", "application/octet-stream")
            .header("Inference-Header-Content-Length", "" + header.getBytes(UTF_8).length)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())));
  }

  @Test
  void everyTypeComesBackAsItWentIn() throws Exception {
    StringBuilder inputs = new StringBuilder();
    Map<String, String> data =
        Map.ofEntries(
            Map.entry("INT8", "[-128,127]"),
            Map.entry("INT16", "[-32768,32767]"),
            Map.entry("INT32", "[-2147483648,2147483647]"),
            Map.entry("INT64", "[-9223372036854775808,9223372036854775807]"),
            Map.entry("UINT8", "[0,255]"),
            Map.entry("UINT16", "[0,65535]"),
            Map.entry("UINT32", "[0,4294967295]"),
            Map.entry("UINT64", "[0,18446744073709551615]"),
            Map.entry("FLOAT16", "[0.5,-2.0]"),
            Map.entry("BFLOAT16", "[0.5,-2.0]"),
            Map.entry("FLOAT32", "[0.1,-3.4028235E38]"),
            Map.entry("FLOAT64", "[0.1,1.0E300]"),
            Map.entry("BOOL", "[true,false]"),
            Map.entry("STRING", "[\"\",\"gr\u00fc\u00df\"]"));
    for (var type : TensorType.values()) {
      inputs.append(inputs.isEmpty() ? "" : ",");
      inputs.append(
          "{\"name\":\"in_%s\",\"shape\":[1,2],\"datatype\":\"%s\",\"data\":%s}"
              .formatted(type, DataTypes.name(type), data.get(type.name())));
    }
    String json = "{\"inputs\":[" + inputs + "]}";
    Answer flat = host.post("/v2/models/echo/infer", json);
    assertThat(flat.status()).as(flat.text()).isEqualTo(200);
    data.forEach((type, values) ->
        assertThat(flat.text())
            .containsPattern(
                "\"out_%s\",\"datatype\":\"[A-Z0-9]+\",\"shape\":\\[1,2\\],\"data\":%s"
                    .formatted(type, Pattern.quote(values))));

    Answer binary =
        host.post(
            "/v2/models/echo/infer",
            "{\"parameters\":{\"binary_data_output\":true}," + json.substring(1));
    assertThat(binary.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"inputs\":[]} | input 'x' was nothing but it must be FLOAT32[any, 2]",
        "{} | inputs is missing; it must be a list",
        "{\"inputs\":1} | inputs was '1' but it must be a list",
        "{\"inputs\":[1]} | inputs[0] was '1' but it must be an object",
        "{\"inputs\":[{\"shape\":[1]}]} | inputs[0].name is missing; it must be a text",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP31\",\"data\":[1,2]}]} | datatype of input 'x' was 'FP31' but it must be one of INT8",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"INT32\",\"data\":[1,2]}]} | input 'x' was INT32[1, 2] but it must be FLOAT32[any, 2]",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,3],\"datatype\":\"FP32\",\"data\":[1,2,3]}]} | input 'x' was FLOAT32[1, 3] but it must be FLOAT32[any, 2]",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1]}]} | input 'x' had 1 elements but its shape FLOAT32[1, 2] has 2",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1,2,3]}]} | input 'x' had 3 elements but its shape FLOAT32[1, 2] has 2",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1,\"a\"]}]} | element 1 of input 'x' was 'a' but it must be a FP32",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1,1e39]}]} | element 1 of input 'x' was '1.0E39' but it must be a FP32",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"UINT8\",\"data\":[1,256]}]} | element 1 of input 'x' was '256' but it must be a UINT8",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[-1,2],\"datatype\":\"FP32\",\"data\":[]}]} | shape of input 'x' was '[-1, 2]' but it must be whole numbers of at least 0",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[99999,99999],\"datatype\":\"FP32\",\"data\":[]}]} | input 'x': shape was [99999, 99999] but it must have at most 2147483647 elements",
        "{\"inputs\":[{\"name\":\"z\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1]},{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1,2]}]} | input 'z' was FLOAT32[1] but it must be one of the inputs [x]",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1,2]},{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1,2]}]} | input 'x' was given twice",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1,2]}],\"outputs\":[{\"name\":\"q\"}]} | output was 'q' but it must be one of [p]",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":8}}]} | binary_data_size of input 'x' was '8' but it must be at most 0",
        "{\"inputs\" | $.inputs",
      })
  void whatIsWrongIsNamed(String body, String message) throws Exception {
    Answer answer = assertError(host.post(CHURN, body), 400);
    assertThat(String.valueOf(answer.json().get("error"))).contains(message);
  }

  @Test
  void binaryTensorsThatDoNotFitAreRefused() throws Exception {
    String header =
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":%d}}]}";
    assertThat(assertError(postBinary(CHURN, header.formatted(7), new byte[7]), 400).text())
        .contains("input 'x' had 7 bytes but its shape FLOAT32[1, 2] has 8");
    assertThat(assertError(postBinary(CHURN, header.formatted(8), new byte[9]), 400).text())
        .contains("the body had 1 bytes after its last tensor");
    assertThat(
            assertError(
                    host.send(
                        HttpRequest.newBuilder(host.url(CHURN))
                            .header("Inference-Header-Content-Length", "99999")
                            .POST(HttpRequest.BodyPublishers.ofString("{}"))),
                    400)
                .text())
        .contains("Inference-Header-Content-Length was '99999' but it must be from 0 to 2");
    String text =
        "{\"inputs\":[{\"name\":\"in_STRING\",\"shape\":[1,2],\"datatype\":\"BYTES\",\"parameters\":{\"binary_data_size\":%d}}]}";
    byte[] cut = {5, 0, 0, 0, 'a'};
    assertThat(assertError(postBinary("/v2/models/echo/infer", text.formatted(5), cut), 400).text())
        .contains("element 0 of input 'in_STRING' has not as many bytes as it says");
    byte[] noText = {1, 0, 0, 0, (byte) 0xFF, 0, 0, 0, 0};
    assertThat(
            assertError(postBinary("/v2/models/echo/infer", text.formatted(9), noText), 400).text())
        .contains("element 0 of input 'in_STRING' is no UTF-8");
  }

  @Test
  void whatIsNotThereIsNotFoundInTheProtocolsForm() throws Exception {
    assertError(host.get("/v2/models/none"), 404);
    assertError(host.get("/v2/models/churn/versions/9"), 404);
    assertError(host.get("/v2/models/versions"), 404);
    assertError(host.post("/v2/models/versions/infer", "{}"), 400);
    assertError(host.post("/v2/models/none/infer", "{\"inputs\":[]}"), 404);
    assertError(host.get("/v2/nothing"), 404);
    assertError(host.get(CHURN), 405);
    assertThat(host.get("/v2/models/none/ready").json()).containsEntry("ready", false);
  }

  @Test
  void aNumberThatJsonHasNoWordForIsAnErrorAndTravelsAsBytes() throws Exception {
    ByteBuffer row = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    row.putFloat(Float.NaN).putFloat(0);
    String header =
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":8}}]%s}";
    assertThat(assertError(postBinary(CHURN, header.formatted(""), row.array()), 500).text())
        .contains("output 'p' holds 'NaN', for which JSON has no word; ask for binary data");
    Answer binary =
        postBinary(
            CHURN,
            header.formatted(
                ",\"outputs\":[{\"name\":\"p\",\"parameters\":{\"binary_data\":true}}]"),
            row.array());
    assertThat(binary.status()).isEqualTo(200);
  }
}
