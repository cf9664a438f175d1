package io.platformkit.core.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemTest {
  @Test
  void aParameterThatBreaksARuleIsNamedAndWhatIsLongIsShortened() {
    Problem problem = Problem.ofParameter("points", "9".repeat(500), "must be from 2 to 10");

    assertThat(problem.status()).isEqualTo(400);
    assertThat(problem.detail())
        .hasValue("points was '" + "9".repeat(100) + "…' but it must be from 2 to 10");
    assertThat(problem.extensions()).isEqualTo(Map.of("parameter", "points"));
  }

  @Test
  void theDocumentHasTheMembersOfTheRfc() throws Exception {
    Response response =
        Problem.of(409, "task 'digest' is running")
            .withType(URI.create("https://example.org/problems/running"), "Already running")
            .withInstance(URI.create("urn:uuid:0190a1b2-0000-7000-8000-000000000000"))
            .with("nodes", List.of("b2"))
            .toResponse();
    assertThat(response.status()).isEqualTo(409);
    assertThat(response.header("content-type")).contains("application/problem+json");
    assertThat(new String(response.bytes(), UTF_8))
        .isEqualTo(
            """
            {"type":"https://example.org/problems/running","title":"Already running","status":409,\
            "detail":"task 'digest' is running",\
            "instance":"urn:uuid:0190a1b2-0000-7000-8000-000000000000","nodes":["b2"]}\
            """);
  }

  @Test
  void withoutATypeTheTitleIsTheStatus() throws Exception {
    assertThat(new String(Problem.of(503).toResponse().bytes(), UTF_8))
        .isEqualTo("{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "detail", "ab", "1ab", "a-b", ""})
  void anExtensionMustNotHideAMember(String name) {
    assertThatThrownBy(() -> Problem.of(400).with(name, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("extension was '" + name + "'");
  }

  @Test
  void aSuccessIsNoProblem() {
    assertThatThrownBy(() -> Problem.of(200))
        .hasMessage("status was '200' but it must be from 400 to 599");
  }

  @Test
  void theExceptionSaysTheDetail() {
    assertThat(Problem.of(404, "no such task").toException()).hasMessage("no such task");
    assertThat(Problem.of(404).toException()).hasMessage("Not Found");
  }
}
