package io.platformkit.ml.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.access.Access;
import io.platformkit.core.access.Need;
import io.platformkit.core.identity.ApiKeys;
import io.platformkit.core.identity.Principal;
import io.platformkit.ml.http.ModelHost.Answer;
import io.platformkit.ml.registry.NewVersion;
import io.platformkit.ml.registry.Stage;
import java.net.http.HttpRequest;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over a socket, behind a guard. */
class ModelAdministrationIT {
  private final ApiKeys keys = ApiKeys.builder().build();
  private final String lead = keys.create(Principal.of("ann", "ml-lead")).secret();
  private final String engineer = keys.create(Principal.of("bob", "engineer")).secret();
  private final ModelHost host =
      new ModelHost(models ->
          Access.builder(keys)
              .build()
              .guard(ModelAdministration.of(models.registry(), "ml-lead"))
              .changes("/", Need.known())
              .build());

  @AfterEach
  void close() {
    host.close();
  }

  private Answer post(String path, String body, String secret) throws Exception {
    return host.send(
        HttpRequest.newBuilder(host.url(path))
            .header("X-API-Key", secret)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  @Test
  void whoMayPromotesAndRollsBackAndIsRemembered() throws Exception {
    host.registry.register(NewVersion.builder("churn", "2").build(), new byte[] {1});

    Answer promoted =
        post(
            "/churn/versions/2/stage",
            "{\"stage\":\"production\",\"reason\":\"better auc\"}",
            lead);
    assertThat(promoted.status()).as(promoted.text()).isEqualTo(200);
    assertThat(promoted.json())
        .containsEntry("from", "staged")
        .containsEntry("to", "production")
        .containsEntry("actor", "ann")
        .containsEntry("reason", "better auc");
    assertThat(host.registry.production("churn").orElseThrow().version()).isEqualTo("2");

    assertThat(post("/churn/rollback", "", lead).status()).isEqualTo(200);
    assertThat(host.registry.production("churn").orElseThrow().version()).isEqualTo("1");
    assertThat(host.get("/churn/history").text())
        .contains("\"version\":\"2\",\"from\":\"staged\",\"to\":\"production\"")
        .contains("\"actor\":\"ann\"");
  }

  @Test
  void whoMayNotIsRefusedAndNothingChanges() throws Exception {
    assertThat(post("/churn/rollback", "", engineer).status()).isEqualTo(403);
    assertThat(post("/churn/rollback", "", "no key").status()).isEqualTo(401);
    assertThat(host.post("/churn/versions/1/stage", "{\"stage\":\"staged\"}").status())
        .isEqualTo(401);
    assertThat(host.registry.production("churn").orElseThrow().stage()).isEqualTo(Stage.PRODUCTION);
  }

  @Test
  void modelsAndTheirVersionsAreShown() throws Exception {
    assertThat(host.get("/").text())
        .contains("\"model\":\"churn\",\"versions\":1,\"production\":\"1\"");
    assertThat(host.get("/churn").text())
        .contains("\"version\":\"1\",\"stage\":\"production\",\"may_become\":[\"staged\"]")
        .contains("\"algorithm\":\"sum\"")
        .contains("\"metrics\":{\"auc\":0.9}")
        .contains("\"sha256\":\"")
        .contains("\"schema\":{");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/churn/versions/1/stage | 409 | {\"stage\":\"failed\"} | FAILED",
        "/churn/versions/9/stage | 404 | {\"stage\":\"failed\"} | '9'",
        "/none/versions/1/stage | 404 | {\"stage\":\"failed\"} | 'none'",
        "/churn/versions/1/stage | 400 | {\"stage\":\"best\"} | stage was 'best' but it must be one of [training, staged",
        "/churn/versions/1/stage | 400 | {} | stage is missing",
        "/churn/rollback | 409 | {} | churn",
        "/none/rollback | 404 | {} | none",
      })
  void whatCannotBeChangedIsSaid(String path, int status, String body, String message)
      throws Exception {
    Answer answer = post(path, body, lead);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(String.valueOf(answer.json().get("detail"))).contains(message);
  }

  @Test
  void aModelThatIsNotThereIsNotFound() throws Exception {
    assertThat(host.get("/none").json())
        .containsAllEntriesOf(Map.of("status", 404, "detail", "there is no model 'none'"));
    assertThat(host.get("/no%20name/history").status()).isEqualTo(404);
  }
}
