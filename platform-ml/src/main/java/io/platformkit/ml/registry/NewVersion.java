package io.platformkit.ml.registry;

import io.platformkit.core.Bounds;
import io.platformkit.core.Given;
import io.platformkit.ml.schema.ModelSchema;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a host says of a version as it registers it. Immutable. */
public final class NewVersion {
  private final String model;
  private final String version;
  private final VersionFacts facts;
  private final Note note;

  private NewVersion(Builder builder) {
    this.model = builder.model;
    this.version = builder.version;
    this.note = builder.note;
    this.facts =
        new VersionFacts(
            builder.algorithm,
            Optional.empty(),
            builder.schema,
            builder.metrics,
            builder.hyperparameters,
            new Lineage(builder.dataset, builder.run, builder.parent),
            builder.tags);
  }

  /**
   * Collects what is known.
   *
   * @param model a name of 1 to 128 letters, digits, {@code . _ + -} that begins with a letter or
   *     digit
   * @param version a name of the same kind, never used in this model before
   */
  public static Builder builder(String model, String version) {
    return new Builder(Names.require("model", model), Names.require("version", version));
  }

  /** The name of the model. */
  public String model() {
    return model;
  }

  /** The name of the version. */
  public String version() {
    return version;
  }

  VersionFacts facts() {
    return facts;
  }

  Note note() {
    return note;
  }

  /**
   * What is known of a version; for one thread. There are at most 200 metrics, hyper-parameters and
   * tags each; all together, with the schema, take 512 KiB of JSON at most.
   */
  public static final class Builder {
    private final String model;
    private final String version;
    private final Set<String> given = new HashSet<>();
    private Optional<String> algorithm = Optional.empty();
    private Optional<ModelSchema> schema = Optional.empty();
    private Map<String, Double> metrics = Map.of();
    private Map<String, String> hyperparameters = Map.of();
    private Optional<String> dataset = Optional.empty();
    private Optional<String> run = Optional.empty();
    private Optional<String> parent = Optional.empty();
    private Map<String, String> tags = Map.of();
    private Note note = Note.NONE;

    private Builder(String model, String version) {
      this.model = model;
      this.version = version;
    }

    /** What kind of model it is: {@code "gbdt"}. Default: not said. */
    public Builder algorithm(String algorithm) {
      Given.once(given, "algorithm");
      Bounds.requireName("algorithm", algorithm);
      this.algorithm = Optional.of(algorithm);
      return this;
    }

    /** How named features become its inputs. Default: not said. */
    public Builder schema(ModelSchema schema) {
      Given.once(given, "schema");
      this.schema = Optional.of(schema);
      return this;
    }

    /** How good it is, by name; finite. More may come later. Default: none. */
    public Builder metrics(Map<String, Double> metrics) {
      Given.once(given, "metrics");
      this.metrics = Facts.requireNumbers("metric", metrics);
      return this;
    }

    /** How it was trained, by name; each value at most 512 bytes of UTF-8. Default: none. */
    public Builder hyperparameters(Map<String, String> hyperparameters) {
      Given.once(given, "hyperparameters");
      this.hyperparameters = Facts.requireTexts("hyperparameter", hyperparameters);
      return this;
    }

    /** The version of the data that it was trained on. Default: not said. */
    public Builder dataset(String dataset) {
      Given.once(given, "dataset");
      this.dataset = Optional.of(dataset);
      return this;
    }

    /** The training run that made it. Default: not said. */
    public Builder run(String run) {
      Given.once(given, "run");
      this.run = Optional.of(run);
      return this;
    }

    /** The version of this model that it goes back to. Default: not said. */
    public Builder parent(String parent) {
      Given.once(given, "parent");
      this.parent = Optional.of(parent);
      return this;
    }

    /** Whatever else there is to say, by name; more may come later. Default: none. */
    public Builder tags(Map<String, String> tags) {
      Given.once(given, "tags");
      this.tags = Facts.requireTexts("tag", tags);
      return this;
    }

    /** Who registers it and why. Default: not said. */
    public Builder note(Note note) {
      Given.once(given, "note");
      this.note = note;
      return this;
    }

    /**
     * Checks what was not checked yet.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public NewVersion build() {
      return new NewVersion(this);
    }
  }
}
