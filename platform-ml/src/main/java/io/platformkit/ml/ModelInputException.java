package io.platformkit.ml;

/** The caller gave a model what it does not take. Nothing was computed. */
public final class ModelInputException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient VersionId id;
  private final String input;
  private final String expected;
  private final String given;

  /**
   * What was wrong.
   *
   * @param input its name
   * @param expected type and shape, or the rule: {@code "FLOAT32[any, 64]"}
   * @param given type and shape, or the value: {@code "FLOAT32[1, 63]"}
   */
  public ModelInputException(VersionId id, String input, String expected, String given) {
    super("%s: input '%s' was %s but it must be %s".formatted(id, input, given, expected));
    this.id = id;
    this.input = input;
    this.expected = expected;
    this.given = given;
  }

  /** Of which version. */
  public VersionId id() {
    return id;
  }

  /** The input's name. */
  public String input() {
    return input;
  }

  /** What the model takes. */
  public String expected() {
    return expected;
  }

  /** What it was given. */
  public String given() {
    return given;
  }
}
