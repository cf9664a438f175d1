package io.platformkit.ml.http;

import io.platformkit.core.Json;
import io.platformkit.core.access.Guard;
import io.platformkit.core.access.Need;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.http.Routes;
import io.platformkit.ml.registry.Lineage;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.registry.ModelSummary;
import io.platformkit.ml.registry.ModelVersion;
import io.platformkit.ml.registry.Note;
import io.platformkit.ml.registry.Stage;
import io.platformkit.ml.registry.Transition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A registry over HTTP. Whoever may read the endpoint sees the models; changes need a role, and go
 * into the history with the caller's id. Safe for concurrent use; errors are problem documents.
 *
 * <ul>
 *   <li>{@code GET /} lists models, {@code GET /{model}} the facts of its versions, {@code GET
 *       /{model}/history} its transitions.
 *   <li>{@code POST /{model}/versions/{version}/stage} with {@code {"stage", "reason"?}} moves a
 *       version; {@code POST /{model}/rollback} with {@code {"reason"?}} brings back the version
 *       that was in production before. 409 if that is no legal move.
 * </ul>
 */
public final class ModelAdministration {
  private final ModelRegistry registry;
  private final Need need;

  private ModelAdministration(ModelRegistry registry, Need need) {
    this.registry = registry;
    this.need = need;
  }

  /** Changes for callers with the role {@value Guard#ADMIN}. */
  public static HttpEndpoint of(ModelRegistry registry) {
    return of(registry, Guard.ADMIN);
  }

  /** Changes for callers with one of these roles; a {@link Guard} in front says who they are. */
  public static HttpEndpoint of(ModelRegistry registry, String... roles) {
    var administration = new ModelAdministration(registry, Need.role(roles));
    return Routes.builder()
        .get("/", request -> administration.models())
        .get("/{model}", administration::versions)
        .get("/{model}/history", administration::history)
        .post("/{model}/versions/{version}/stage", administration::move)
        .post("/{model}/rollback", administration::rollback)
        .build();
  }

  private static Response shown(Map<String, ?> members) {
    return Response.json(members).withHeader("Cache-Control", "no-store");
  }

  private Response models() {
    return shown(
        Map.of("models", registry.models().stream().map(ModelAdministration::summary).toList()));
  }

  private static Map<String, Object> summary(ModelSummary model) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("model", model.model());
    members.put("versions", model.versions());
    model.production().ifPresent(version -> members.put("production", version));
    members.put("created_at", model.createdAt().toString());
    members.put("changed_at", model.changedAt().toString());
    return members;
  }

  private List<ModelVersion> require(String model) {
    List<ModelVersion> versions =
        ModelRegistry.isName(model) ? registry.versions(model) : List.of();
    if (versions.isEmpty()) {
      throw Problem.of(404, "there is no model '%s'".formatted(model)).toException();
    }
    return versions;
  }

  private Response versions(Request request) {
    String model = request.pathVariable("model");
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("model", model);
    members.put("versions", require(model).stream().map(ModelAdministration::facts).toList());
    return shown(members);
  }

  /** What a version may be moved to; it is retired by a successor alone. */
  private static List<String> mayBecome(Stage stage) {
    return stage.next().stream()
        .filter(next -> next != Stage.RETIRED)
        .map(ModelListing::word)
        .toList();
  }

  private static Map<String, Object> facts(ModelVersion version) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("version", version.version());
    members.put("stage", ModelListing.word(version.stage()));
    members.put("may_become", mayBecome(version.stage()));
    version.algorithm().ifPresent(algorithm -> members.put("algorithm", algorithm));
    members.put("created_at", version.createdAt().toString());
    version.deployedAt().ifPresent(at -> members.put("deployed_at", at.toString()));
    version.retiredAt().ifPresent(at -> members.put("retired_at", at.toString()));
    members.put("metrics", version.metrics());
    members.put("hyperparameters", version.hyperparameters());
    members.put("lineage", lineage(version.lineage()));
    members.put("tags", version.tags());
    version.artifact().ifPresent(artifact -> members.put("artifact", artifact));
    version.schema().ifPresent(schema -> members.put("schema", schema));
    return members;
  }

  private static Map<String, Object> lineage(Lineage lineage) {
    Map<String, Object> members = new LinkedHashMap<>();
    lineage.dataset().ifPresent(dataset -> members.put("dataset", dataset));
    lineage.run().ifPresent(run -> members.put("run", run));
    lineage.parent().ifPresent(parent -> members.put("parent", parent));
    return members;
  }

  private Response history(Request request) {
    String model = request.pathVariable("model");
    List<ModelVersion> versions = require(model);
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("model", versions.getFirst().model());
    members.put(
        "transitions",
        registry.history(model).stream().map(ModelAdministration::transition).toList());
    return shown(members);
  }

  private static Map<String, Object> transition(Transition transition) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("sequence", transition.sequence());
    members.put("version", transition.version());
    transition.from().ifPresent(stage -> members.put("from", ModelListing.word(stage)));
    transition.to().ifPresent(stage -> members.put("to", ModelListing.word(stage)));
    members.put("at", transition.at().toString());
    transition.note().actor().ifPresent(actor -> members.put("actor", actor));
    transition.note().reason().ifPresent(reason -> members.put("reason", reason));
    return members;
  }

  private Response move(Request request) {
    Note note = note(request);
    Members body = body(request);
    Stage stage = stage(body.text("stage"));
    String model = request.pathVariable("model");
    String version = request.pathVariable("version");
    return changed(() -> registry.transition(model, version, stage, note));
  }

  private Response rollback(Request request) {
    Note note = note(request);
    String model = request.pathVariable("model");
    return changed(() -> registry.rollback(model, note));
  }

  /** Also checks that the caller may. */
  private Note note(Request request) {
    String caller = need.require(request).id();
    Optional<String> reason = body(request).optionalText("reason");
    try {
      return new Note(Optional.of(caller), reason);
    } catch (IllegalArgumentException fault) {
      throw Failures.malformed(String.valueOf(fault.getMessage()));
    }
  }

  private static Members body(Request request) {
    return request.body().length == 0
        ? new Members("", Map.of())
        : new Members("", Json.standard().decodeObject(request.body()));
  }

  private static Stage stage(String text) {
    for (Stage stage : Stage.values()) {
      if (ModelListing.word(stage).equals(text.toLowerCase(Locale.ROOT))) {
        return stage;
      }
    }
    List<String> all = List.of(Stage.values()).stream().map(ModelListing::word).toList();
    throw Failures.malformed("stage", text, "one of " + all);
  }

  /** What changes a registry. */
  private interface Change {
    Transition make();
  }

  private static Response changed(Change change) {
    try {
      return shown(transition(change.make()));
    } catch (NoSuchElementException | IllegalArgumentException none) {
      throw Problem.of(404, String.valueOf(none.getMessage())).toException();
    } catch (IllegalStateException illegal) {
      throw Problem.of(409, String.valueOf(illegal.getMessage())).toException();
    }
  }
}
