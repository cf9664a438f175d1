package io.platformkit.core;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.ErrorReportConfiguration;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/**
 * JSON to objects and back, for documents that come from outside. Immutable and safe for concurrent
 * use; keep one, since each learns the classes it meets anew.
 *
 * <p>Decoding refuses what is ambiguous or harmful: a document that is too large or too deep, names
 * over {@value #MAX_NAME_LENGTH} characters, numbers over {@value #MAX_NUMBER_LENGTH}, a property
 * that comes twice, anything after the end, NaN and infinity in whatever spelling, text for a
 * number, a fraction for a whole number, a number for a time or an enum constant, and a primitive
 * that is null or missing in a record. Properties that the class does not know are ignored. No
 * document can name a class to be loaded, not even for a type that is annotated so.
 *
 * <p>Encoding writes {@code java.time} as ISO-8601 text, enum constants by name, records in the
 * order of their components, and a {@code double} or {@code float} that is not finite as {@code
 * null}, which is how a chart marks a gap. It obeys the same limits, so a cyclic graph ends with an
 * error that shows the way round.
 */
public final class Json {
  /** Default of {@link Builder#maxBytes}: 1 MiB. */
  public static final int DEFAULT_MAX_BYTES = 1 << 20;

  /** Default of {@link Builder#maxDepth}. */
  public static final int DEFAULT_MAX_DEPTH = 64;

  /** Largest {@link Builder#maxDepth}: each level takes room on the stack. */
  public static final int LARGEST_MAX_DEPTH = 500;

  /** Most characters of a property name. */
  public static final int MAX_NAME_LENGTH = 1024;

  /** Most characters of a number. */
  public static final int MAX_NUMBER_LENGTH = 256;

  private final int maxBytes;
  private final int maxDepth;
  private final JsonMapper mapper;

  private Json(int maxBytes, int maxDepth) {
    this.maxBytes = maxBytes;
    this.maxDepth = maxDepth;
    mapper =
        JsonMapper.builder(factory(maxBytes, maxDepth))
            .addModule(new StrictTypes())
            .annotationIntrospector(new RequiredPrimitives())
            .polymorphicTypeValidator(BasicPolymorphicTypeValidator.builder().build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(EnumFeature.READ_ENUMS_USING_TO_STRING)
            .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE)
            .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            .build();
  }

  private static JsonFactory factory(int maxBytes, int maxDepth) {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxDocumentLength(maxBytes)
                .maxStringLength(maxBytes)
                .maxNestingDepth(maxDepth)
                .maxNameLength(MAX_NAME_LENGTH)
                .maxNumberLength(MAX_NUMBER_LENGTH)
                .build())
        .streamWriteConstraints(StreamWriteConstraints.builder().maxNestingDepth(maxDepth).build())
        .errorReportConfiguration(
            ErrorReportConfiguration.builder()
                .maxErrorTokenLength(JsonFailure.MAX_EXCERPT)
                .maxRawContentLength(0)
                .build())
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
        .build();
  }

  /** All defaults. */
  public static Json standard() {
    return builder().build();
  }

  /** Starts with all defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The value as a document in UTF-8.
   *
   * @throws IllegalArgumentException if it nests too deep, as a cycle does, becomes too large or
   *     cannot be read; the message gives the path
   */
  public byte[] encode(Object value) {
    Objects.requireNonNull(value, "value");
    BoundedBytes bytes = new BoundedBytes(maxBytes);
    try (JsonGenerator generator = new FiniteGenerator(mapper.createGenerator(bytes))) {
      mapper.writeValue(generator, value);
    } catch (JacksonException e) {
      throw notEncodable(value, e, bytes.exceeded);
    }
    return bytes.toByteArray();
  }

  /** As {@link #encode}, as text. */
  public String encodeText(Object value) {
    return new String(encode(value), StandardCharsets.UTF_8);
  }

  /**
   * Reads one value.
   *
   * @throws MalformedJsonException if the document breaks a rule or does not fit the type
   */
  @SuppressWarnings("unchecked")
  public <T> T decode(byte[] json, Class<T> type) {
    return (T) decode(json, mapper.constructType(type));
  }

  /** As {@link #decode(byte[], Class)}. */
  @SuppressWarnings("unchecked")
  public <T> T decode(String json, Class<T> type) {
    requireSize(utf8Length(json));
    return (T) decode(() -> mapper.createParser(json), mapper.constructType(type));
  }

  /**
   * Reads an array; no element may be null. The list is the caller's own.
   *
   * @throws MalformedJsonException if the document breaks a rule or does not fit the type
   */
  @SuppressWarnings("unchecked")
  public <T> List<T> decodeList(byte[] json, Class<T> elementType) {
    List<T> list =
        (List<T>)
            decode(
                json,
                mapper.getTypeFactory().constructCollectionType(ArrayList.class, elementType));
    int missing = list.indexOf(null);
    if (missing >= 0) {
      throw new MalformedJsonException("$[" + missing + "]", 1, 1, "must not be null", null);
    }
    return list;
  }

  /**
   * Reads an object of any shape into a map that keeps the order and is the caller's own. Its
   * values are String, Boolean, Integer, Long, BigInteger, Double, List, Map or null.
   *
   * @throws MalformedJsonException if the document breaks a rule or is no object
   */
  @SuppressWarnings("unchecked")
  public Map<String, @Nullable Object> decodeObject(byte[] json) {
    return (Map<String, @Nullable Object>)
        decode(
            json,
            mapper
                .getTypeFactory()
                .constructMapType(LinkedHashMap.class, String.class, Object.class));
  }

  /**
   * Reads one member of an object; the others are checked and skipped.
   *
   * @return empty if the member is missing or null
   * @throws MalformedJsonException if the document breaks a rule, is no object, or its member does
   *     not fit the type
   */
  public <T> Optional<T> decodeMember(byte[] json, String member, Class<T> type) {
    requireSize(json.length);
    try (JsonParser parser = new FiniteParser(mapper.createParser(json))) {
      try {
        return readMember(parser, member, type);
      } catch (JacksonException e) {
        throw JsonFailure.of(e, parser);
      }
    }
  }

  @SuppressWarnings("unchecked")
  private <T> Optional<T> readMember(JsonParser parser, String member, Class<T> type) {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new MalformedJsonException("$", 1, 1, "must be an object", null);
    }
    ObjectReader reader =
        mapper.readerFor(type).without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    Optional<T> found = Optional.empty();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      boolean there = parser.nextToken() != JsonToken.VALUE_NULL && name.equals(member);
      if (there) {
        found = Optional.of((T) read(reader, parser, member));
      } else {
        parser.skipChildren();
      }
    }
    if (parser.nextToken() != null) {
      throw new MalformedJsonException("$", 1, 1, "must end after its value", null);
    }
    return found;
  }

  private static Object read(ObjectReader reader, JsonParser parser, String member) {
    try {
      return reader.readValue(parser);
    } catch (JacksonException e) {
      throw e.prependPath(Map.class, member);
    }
  }

  private Object decode(byte[] json, JavaType type) {
    requireSize(json.length);
    return decode(() -> mapper.createParser(json), type);
  }

  private Object decode(Supplier<JsonParser> source, JavaType type) {
    try (JsonParser parser = new FiniteParser(source.get())) {
      try {
        Object value = mapper.readerFor(type).readValue(parser);
        if (value == null) {
          throw new MalformedJsonException("$", 1, 1, "must not be null", null);
        }
        return value;
      } catch (JacksonException e) {
        throw JsonFailure.of(e, parser);
      }
    }
  }

  private void requireSize(long bytes) {
    if (bytes > maxBytes) {
      throw new MalformedJsonException(
          "$", 1, 1, "has %d bytes but must have at most %d".formatted(bytes, maxBytes), null);
    }
  }

  private static long utf8Length(String text) {
    long length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return length;
  }

  private IllegalArgumentException notEncodable(
      Object value, JacksonException failure, boolean exceeded) {
    String type = value.getClass().getName();
    String path = JsonFailure.path(failure.getPath());
    if (exceeded) {
      return new IllegalArgumentException(
          "%s encodes to more than %d bytes, the limit; send less or raise maxBytes"
              .formatted(type, maxBytes));
    }
    if (failure instanceof StreamConstraintsException) {
      return new IllegalArgumentException(
          "%s nests deeper than %d levels, the limit, at %s; is it cyclic?"
              .formatted(type, maxDepth, path));
    }
    return new IllegalArgumentException(
        "%s cannot be encoded at %s: %s"
            .formatted(type, path, JsonFailure.clean(failure.getOriginalMessage())),
        failure);
  }

  /** Collects the limits; for one thread. */
  public static final class Builder {
    private @Nullable Integer maxBytes;
    private @Nullable Integer maxDepth;

    private Builder() {}

    /**
     * Largest document in either direction, in bytes of UTF-8, at least 1. Default: {@value
     * Json#DEFAULT_MAX_BYTES}.
     */
    public Builder maxBytes(int maxBytes) {
      requireUnset("maxBytes", this.maxBytes);
      this.maxBytes = maxBytes;
      return this;
    }

    /**
     * Most objects and arrays inside each other in either direction, from 1 to {@value
     * Json#LARGEST_MAX_DEPTH}. Default: {@value Json#DEFAULT_MAX_DEPTH}.
     */
    public Builder maxDepth(int maxDepth) {
      requireUnset("maxDepth", this.maxDepth);
      this.maxDepth = maxDepth;
      return this;
    }

    /**
     * Checks everything.
     *
     * @throws IllegalArgumentException names every bad property
     */
    public Json build() {
      int bytes = maxBytes == null ? DEFAULT_MAX_BYTES : maxBytes;
      int depth = maxDepth == null ? DEFAULT_MAX_DEPTH : maxDepth;
      List<String> faults = new ArrayList<>();
      Given.require(faults, "maxBytes", bytes, bytes >= 1, "at least 1");
      Given.require(
          faults,
          "maxDepth",
          depth,
          depth >= 1 && depth <= LARGEST_MAX_DEPTH,
          "from 1 to " + LARGEST_MAX_DEPTH);
      Given.refuse(faults);
      return new Json(bytes, depth);
    }

    private static void requireUnset(String property, @Nullable Integer value) {
      if (value != null) {
        throw new IllegalStateException("%s was already set to '%d'".formatted(property, value));
      }
    }
  }

  /** Refuses to grow over the limit; what came before is lost with the failure. */
  private static final class BoundedBytes extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int limit;
    private boolean exceeded;

    BoundedBytes(int limit) {
      this.limit = limit;
    }

    @Override
    public void write(int b) throws IOException {
      reserve(1);
      bytes.write(b);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      reserve(length);
      bytes.write(source, offset, length);
    }

    private void reserve(int length) throws IOException {
      if (exceeded || length > limit - bytes.size()) {
        exceeded = true;
        throw new IOException("over the limit");
      }
    }

    byte[] toByteArray() {
      return bytes.toByteArray();
    }
  }
}
