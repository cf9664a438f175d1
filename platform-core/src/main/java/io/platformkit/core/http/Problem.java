package io.platformkit.core.http;

import io.platformkit.core.Json;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Why a request was not answered as asked, for programs to read.
 *
 * @param type what kind of problem it is; {@code about:blank} if the status says it all
 * @param title the kind in words, the same every time
 * @param status from 400 to 599
 * @param detail this case in words; never a secret, the caller sees it
 * @param instance this very case, the id that the log has too
 * @param extensions more members of the document, values that {@link Json#standard()} can write;
 *     names of at least three letters, digits and underscores, the first a letter
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
public record Problem(
    URI type,
    String title,
    int status,
    Optional<String> detail,
    Optional<URI> instance,
    Map<String, Object> extensions) {
  /** The media type of the document. */
  public static final String CONTENT_TYPE = "application/problem+json";

  private static final Json JSON = Json.standard();
  private static final int MAX_SHOWN = 100;
  private static final URI NO_TYPE = URI.create("about:blank");
  private static final Pattern EXTENSION =
      Pattern.compile("(?!(type|title|status|detail|instance)$)[A-Za-z][A-Za-z0-9_]{2,63}");

  /** Checks and copies. */
  public Problem {
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException(
          "status was '%d' but it must be from 400 to 599".formatted(status));
    }
    for (String name : extensions.keySet()) {
      if (!EXTENSION.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "extension was '%s' but it must match %s".formatted(name, EXTENSION));
      }
    }
    extensions = Collections.unmodifiableMap(new LinkedHashMap<>(extensions));
  }

  /** A problem that its status explains. */
  public static Problem of(int status) {
    return new Problem(
        NO_TYPE,
        Status.title(status),
        status,
        Optional.empty(),
        Optional.empty(),
        Collections.emptyMap());
  }

  /**
   * A query parameter breaks a rule: 400 with {@code name was 'value' but it rule}, and the name as
   * member {@code parameter}. What is long is shortened.
   *
   * @param rule begins with its verb: {@code "must be from 1 to 10"}
   */
  public static Problem ofParameter(String name, String value, String rule) {
    return of(400, "%s was '%s' but it %s".formatted(shortened(name), shortened(value), rule))
        .with("parameter", shortened(name));
  }

  private static String shortened(String text) {
    return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
  }

  /**
   * A problem of no special type.
   *
   * @param detail names the property, the value and the rule; the caller sees it
   */
  public static Problem of(int status, String detail) {
    return new Problem(
        NO_TYPE,
        Status.title(status),
        status,
        Optional.of(detail),
        Optional.empty(),
        Collections.emptyMap());
  }

  /** This problem with a kind of its own. */
  public Problem withType(URI type, String title) {
    return new Problem(type, title, status, detail, instance, extensions);
  }

  /** This problem with an id of the case: {@code urn:uuid:…}. */
  public Problem withInstance(URI instance) {
    return new Problem(type, title, status, detail, Optional.of(instance), extensions);
  }

  /** This problem with one more member in its document. */
  public Problem with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(extensions);
    more.put(name, value);
    return new Problem(type, title, status, detail, instance, more);
  }

  /** The answer that carries the document, as {@value #CONTENT_TYPE}. */
  public Response toResponse() {
    return Response.ok(document(), CONTENT_TYPE).withStatus(status);
  }

  /** To throw from an endpoint. */
  public ProblemException toException() {
    return new ProblemException(this);
  }

  /** The document in JSON. */
  public byte[] document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", type.toString());
    document.put("title", title);
    document.put("status", status);
    detail.ifPresent(text -> document.put("detail", text));
    instance.ifPresent(id -> document.put("instance", id.toString()));
    document.putAll(extensions);
    return JSON.encode(document);
  }
}
