package io.platformkit.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private final Json json = Json.standard();

  record Item(String name, int count, Optional<String> note) {
    Item {
      Objects.requireNonNull(name, "name");
      if (count < 0) {
        throw new IllegalArgumentException("count was '%d' but must be positive".formatted(count));
      }
    }
  }

  record Order(String id, List<Item> items) {}

  record Point(double x, float y) {}

  record Boxed(@Nullable Double x, @Nullable Integer n) {}

  record Times(Instant at, Duration took, LocalDate day, OffsetDateTime local) {}

  record Day(DayOfWeek day) {}

  /** Has an array: a class, since a record would compare it by identity. */
  static final class Vector {
    public double[] xs = {};
  }

  /** As {@link Vector}. */
  static final class Floats {
    public float[] xs = {};
  }

  record Maybe(OptionalDouble x) {}

  @Nested
  class WhenEncoding {
    @Test
    void recordsKeepTheOrderOfTheirComponents() {
      assertThat(json.encodeText(new Item("nut", 3, Optional.of("M4"))))
          .isEqualTo("{\"name\":\"nut\",\"count\":3,\"note\":\"M4\"}");
    }

    @Test
    void bytesAreUtf8() {
      assertThat(json.encode("Grüße 🎉")).isEqualTo("\"Grüße 🎉\"".getBytes(UTF_8));
    }

    @Test
    void timesAreIsoText() {
      Times times =
          new Times(
              Instant.parse("2026-01-01T12:00:00.123456789Z"),
              Duration.ofSeconds(90),
              LocalDate.of(2026, 1, 2),
              OffsetDateTime.parse("2026-01-01T12:00:00+02:00"));

      String text = json.encodeText(times);

      assertThat(text)
          .isEqualTo(
              "{\"at\":\"2026-01-01T12:00:00.123456789Z\",\"took\":\"PT1M30S\","
                  + "\"day\":\"2026-01-02\",\"local\":\"2026-01-01T12:00:00+02:00\"}");
      assertThat(json.decode(text, Times.class)).isEqualTo(times);
    }

    @Test
    void numbersThatAreNotFiniteBecomeNull() {
      List<Object> values = new ArrayList<>();
      values.add(Double.NaN);
      values.add(Float.POSITIVE_INFINITY);
      values.add(new double[] {1.5, Double.NEGATIVE_INFINITY});
      values.add(new float[] {2.5f, Float.NaN});
      values.add(new Point(Double.NaN, Float.NaN));
      values.add(Map.of("x", Double.NaN));
      values.add(OptionalDouble.of(Double.NaN));

      assertThat(json.encodeText(values))
          .isEqualTo("[null,null,[1.5,null],[2.5,null],{\"x\":null,\"y\":null},{\"x\":null},null]");
    }

    @Test
    void enumConstantsGoByNameWhateverTheirText() {
      enum Loud {
        QUIET;

        @Override
        public String toString() {
          return "a whisper";
        }
      }

      assertThat(json.encodeText(List.of(Loud.QUIET))).isEqualTo("[\"QUIET\"]");
      assertThat(json.decode("\"QUIET\"", Loud.class)).isEqualTo(Loud.QUIET);
    }

    @Test
    void aCycleIsAnErrorThatShowsTheWayRound() {
      Map<String, Object> parent = new HashMap<>();
      parent.put("child", Map.of("parent", parent));

      assertThatThrownBy(() -> json.encode(parent))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("nests deeper than 64 levels")
          .hasMessageContaining("$.child.parent.child")
          .hasMessageContaining("cyclic")
          .message()
          .hasSizeLessThan(500);
    }

    @Test
    void aListInsideItselfIsAnError() {
      List<Object> list = new ArrayList<>();
      list.add(list);

      assertThatThrownBy(() -> json.encode(list))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is it cyclic?");
    }

    @Test
    void aDocumentOverTheLimitIsAnError() {
      Json small = Json.builder().maxBytes(10).build();

      assertThat(small.encode("12345678")).hasSize(10);
      assertThatThrownBy(() -> small.encode("123456789"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "java.lang.String encodes to more than 10 bytes, the limit; send less or raise"
                  + " maxBytes");
    }

    @Test
    void anAccessorThatThrowsIsNamedAndKeptAsTheCause() {
      assertThatThrownBy(() -> json.encode(List.of(new Broken())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("$[0].value")
          .hasRootCauseMessage("broken");
    }
  }

  /** An accessor that throws. */
  public static final class Broken {
    private final boolean broken = true;

    public String getValue() {
      if (!broken) {
        return "";
      }
      throw new UnsupportedOperationException("broken");
    }
  }

  @Nested
  class WhenDecoding {
    @Test
    void recordsRoundTrip() {
      Order order = new Order("7", List.of(new Item("nut", 3, Optional.empty())));

      assertThat(json.decode(json.encode(order), Order.class)).isEqualTo(order);
      assertThat(json.decode(json.encodeText(order), Order.class)).isEqualTo(order);
    }

    @Test
    void unknownPropertiesAreIgnored() {
      assertThat(json.decode("{\"x\":1,\"y\":2,\"z\":{\"deep\":[1]}}", Point.class))
          .isEqualTo(new Point(1, 2));
    }

    @Test
    void listsHaveTypedElements() {
      assertThat(json.decodeList(bytes("[{\"x\":1,\"y\":2}]"), Point.class))
          .containsExactly(new Point(1, 2));
    }

    @Test
    void aNullElementOfAListIsRefused() {
      assertMalformed(() -> json.decodeList(bytes("[\"a\",null]"), String.class), "$[1]", "null");
    }

    private record Deep(int m) {}

    @Test
    void oneMemberOfAnObjectIsReadAlone() {
      byte[] object = bytes("{\"a\":[{\"b\":1}],\"n\":7,\"z\":null}");

      assertThat(json.decodeMember(object, "n", Integer.class)).contains(7);
      assertThat(json.decodeMember(object, "z", Integer.class)).isEmpty();
      assertThat(json.decodeMember(object, "b", Integer.class)).as("not at the top").isEmpty();
    }

    @Test
    void aMemberIsReadOnlyFromAWholeDocumentThatBreaksNoRule() {
      for (String text : List.of("[1]", "{\"n\":1} {}", "{\"n\":1", "{\"n\":1,\"n\":2}", "")) {
        assertThatThrownBy(() -> json.decodeMember(bytes(text), "n", Integer.class))
            .as(text)
            .isInstanceOf(MalformedJsonException.class);
      }
      assertMalformed(
          () -> json.decodeMember(bytes("{\"n\":\"x\"}"), "n", Integer.class), "$.n", "");
      assertMalformed(
          () -> json.decodeMember(bytes("{\"n\":{\"m\":\"x\"}}"), "n", Deep.class), "$.n.m", "");
    }

    @Test
    void objectsOfAnyShapeKeepTheirOrder() {
      Map<String, @Nullable Object> map =
          json.decodeObject(
              bytes(
                  "{\"b\":1,\"a\":[1.5,true,null],\"big\":123456789012345678901,\"o\":{\"k\":\"v\"}}"));

      assertThat(map.keySet()).containsExactly("b", "a", "big", "o");
      assertThat(map.get("b")).isEqualTo(1);
      List<@Nullable Object> array = new ArrayList<>(List.of(1.5, true));
      array.add(null);
      assertThat(map.get("a")).isEqualTo(array);
      assertThat(map.get("big")).isEqualTo(new BigInteger("123456789012345678901"));
      assertThat(map.get("o")).isEqualTo(Map.of("k", "v"));
    }

    @Test
    void anObjectIsNeitherAnArrayNorNull() {
      assertMalformed(() -> json.decodeObject(bytes("[1]")), "$", "must be");
      assertMalformed(() -> json.decodeObject(bytes("null")), "$", "must not be null");
      assertMalformed(() -> json.decode("null", Order.class), "$", "must not be null");
    }

    @Test
    void theMessageNamesPathPlaceAndRule() {
      String text = "{\"id\":\"7\",\n \"items\":[{\"name\":\"nut\",\"count\":\"abc\"}]}";

      MalformedJsonException failure =
          catchThrowableOfType(MalformedJsonException.class, () -> json.decode(text, Order.class));

      assertThat(failure.path()).isEqualTo("$.items[0].count");
      assertThat(failure.line()).isEqualTo(2);
      assertThat(failure.column()).isEqualTo(33);
      assertThat(failure.rule()).startsWith("must be a whole number");
      assertThat(failure)
          .hasMessage("$.items[0].count (line 2, column 33): " + failure.rule())
          .hasNoCause();
    }

    @Test
    void syntaxErrorsHaveAPathToo() {
      assertMalformed(
          () -> json.decode("{\"id\":\"7\",\"items\":[{\"name\":tru}]}", Order.class),
          "$.items[0].name",
          "tru");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[1", "{\"id\":", "\"abc"})
    void aDocumentThatEndsTooEarlyIsRefused(String text) {
      assertThatThrownBy(() -> json.decode(text, Object.class))
          .isInstanceOf(MalformedJsonException.class);
      assertThatThrownBy(() -> json.decode(bytes(text), Order.class))
          .isInstanceOf(MalformedJsonException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 2", "{} {}", "[] x", "{}]"})
    void whatComesAfterTheEndIsRefused(String text) {
      assertThatThrownBy(() -> json.decode(text, Object.class))
          .isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void aPropertyThatComesTwiceIsRefused() {
      assertMalformed(() -> json.decodeObject(bytes("{\"a\":1,\"a\":2}")), "$", "\"a\"");
      assertMalformed(
          () -> json.decode("{\"x\":1,\"y\":2,\"u\":{\"b\":1,\"b\":1}}", Point.class),
          "$",
          "\"b\"");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "NaN",
          "Infinity",
          "-Infinity",
          "\"NaN\"",
          "\"Infinity\"",
          "\"-INF\"",
          "1e999",
          "-1e999"
        })
    void numbersThatAreNotFiniteAreRefused(String number) {
      assertRefused("{\"x\":" + number + ",\"y\":1}", Point.class);
      assertRefused("{\"x\":1,\"y\":" + number + "}", Point.class);
      assertRefused("{\"x\":" + number + "}", Boxed.class);
      assertRefused("{\"x\":" + number + "}", Maybe.class);
      assertRefused("{\"xs\":[" + number + "]}", Vector.class);
      assertRefused("{\"xs\":[" + number + "]}", Floats.class);
      if (!number.startsWith("\"")) {
        assertRefused("[" + number + "]", Object.class);
      }
    }

    @Test
    void aFloatBeyondItsRangeIsRefused() {
      assertRefused("{\"x\":1,\"y\":1e39}", Point.class);
    }

    @Test
    void arraysOfNumbersRoundTrip() {
      Vector vector = new Vector();
      vector.xs = IntStream.range(0, 1000).mapToDouble(i -> i / 3.0).toArray();

      assertThat(json.decode(json.encode(vector), Vector.class).xs).isEqualTo(vector.xs);
      assertThat(json.decode("{\"xs\":[1,2.5]}", Floats.class).xs).containsExactly(1, 2.5f);
      assertRefused("{\"xs\":\"AAAAAAAA+H8=\"}", Vector.class);
      assertRefused("{\"xs\":[null]}", Vector.class);
    }

    @Test
    void aPrimitiveThatIsNullOrMissingIsRefused() {
      assertMalformed(() -> json.decode("{\"x\":null,\"y\":1}", Point.class), "$.x", "must be");
      assertMalformed(() -> json.decode("{\"y\":1}", Point.class), "$.x", "must be present");
      assertMalformed(() -> json.decode("{\"name\":\"n\"}", Item.class), "$.count", "present");
      assertMalformed(
          () -> json.decode("{\"name\":\"n\",\"count\":null}", Item.class), "$.count", "must be");
      assertThat(json.decode("{}", Boxed.class)).isEqualTo(new Boxed(null, null));
      assertThat(json.decode("{\"x\":null}", Boxed.class)).isEqualTo(new Boxed(null, null));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"name\":\"n\",\"count\":\"5\"}",
          "{\"name\":\"n\",\"count\":1.5}",
          "{\"name\":\"n\",\"count\":true}",
          "{\"name\":\"n\",\"count\":\"\"}",
          "{\"name\":\"n\",\"count\":3000000000}",
          "{\"name\":[\"n\"],\"count\":5}"
        })
    void nothingIsConvertedSilently(String text) {
      assertRefused(text, Item.class);
    }

    @Test
    void enumConstantsGoByNameAndNotByNumber() {
      assertThat(json.decode("{\"day\":\"MONDAY\"}", Day.class))
          .isEqualTo(new Day(DayOfWeek.MONDAY));
      assertRefused("{\"day\":0}", Day.class);
      assertMalformed(
          () -> json.decode("{\"day\":\"XDAY\"}", Day.class), "$.day", "MONDAY, TUESDAY");
    }

    record Calendar(
        YearMonth month,
        MonthDay birthday,
        Period notice,
        LocalTime opens,
        LocalDateTime meets,
        ZonedDateTime there,
        ZoneId zone,
        Month favourite) {}

    @Test
    void everyKindOfTimeButAYearIsTextAndNothingElse() {
      Calendar calendar =
          new Calendar(
              YearMonth.of(2026, 2),
              MonthDay.of(2, 29),
              Period.ofDays(3),
              LocalTime.of(8, 30),
              LocalDateTime.of(2026, 1, 2, 3, 4),
              ZonedDateTime.parse("2026-01-01T12:00:00+02:00"),
              ZoneId.of("Europe/Vienna"),
              Month.MAY);
      String text = json.encodeText(calendar);

      assertThat(json.decode(text, Calendar.class)).isEqualTo(calendar);
      assertThat(json.decodeObject(bytes(text)).values())
          .allSatisfy(value -> assertThat(value).isInstanceOf(String.class));
      assertThat(json.decode(json.encode(Year.of(2026)), Year.class)).isEqualTo(Year.of(2026));
      for (String number : List.of("1767268800", "1.5", "[2026,1,2]")) {
        assertMalformed(
            () -> json.decode("{\"at\":" + number + "}", Times.class), "$.at", "ISO-8601 text");
        assertRefused("{\"took\":" + number + "}", Times.class);
        assertRefused("{\"day\":" + number + "}", Times.class);
      }
      assertRefused("{\"favourite\":5}", Calendar.class);
      assertMalformed(
          () -> json.decode("{\"at\":\"noon\"}", Times.class),
          "$.at",
          "\"noon\" is not the ISO-8601 text of Instant");
    }

    @Test
    void anElementThatIsNoNumberIsNamed() {
      assertMalformed(
          () -> json.decode("{\"xs\":[1,\"NaN\"]}", Vector.class), "$.xs[1]", "must be a number");
    }

    @Test
    void aRecordsOwnRefusalIsTheRule() {
      MalformedJsonException failure =
          catchThrowableOfType(
              MalformedJsonException.class,
              () -> json.decodeList(bytes("[{\"name\":\"n\",\"count\":-1}]"), Item.class));

      assertThat(failure.path()).isEqualTo("$[0]");
      assertThat(failure.rule()).isEqualTo("count was '-1' but must be positive");
      assertThat(failure).hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void messagesRepeatOnlyAFewCharactersAndNoControlCharacters() {
      String secret = "s".repeat(5_000) + "\\n";

      for (String text :
          List.of(
              "{\"day\":\"" + secret + "\"}",
              "{\"day\":" + secret + "}",
              "{\"" + "k".repeat(1000) + "\":tru" + secret + "}",
              secret,
              "{\"day\":\"a\\nb\\u0000\"}")) {
        assertThatThrownBy(() -> json.decode(text, Day.class))
            .isInstanceOf(MalformedJsonException.class)
            .message()
            .hasSizeLessThan(500)
            .doesNotContain("s".repeat(JsonFailure.MAX_EXCERPT + 8))
            .doesNotContain("\n", "\u0000");
      }
    }
  }

  @Nested
  class WhenADocumentIsHuge {
    @Test
    void tooManyBytesAreRefusedInEitherForm() {
      Json small = Json.builder().maxBytes(10).build();

      assertThat(small.decode("\"12345678\"", String.class)).isEqualTo("12345678");
      assertMalformed(
          () -> small.decode("\"123456789\"", String.class),
          "$",
          "has 11 bytes but must have at most 10");
      assertMalformed(
          () -> small.decode("\"äöüäö\"", String.class),
          "$",
          "has 12 bytes but must have at most 10");
      assertMalformed(
          () -> small.decode("\"🎉🎉🎉\"", String.class),
          "$",
          "has 14 bytes but must have at most 10");
      assertMalformed(() -> small.decodeObject(new byte[11]), "$", "has 11 bytes");
    }

    @Test
    void theDefaultLimitIsOneMebibyte() {
      assertThat(json.decode("\"" + "x".repeat((1 << 20) - 2) + "\"", String.class))
          .hasSize((1 << 20) - 2);
      assertRefused("\"" + "x".repeat((1 << 20) - 1) + "\"", String.class);
    }

    @Test
    void tooDeepNestingIsRefused() {
      assertThat(json.decode("[".repeat(64) + "]".repeat(64), Object.class)).isNotNull();
      assertMalformed(
          () -> json.decode("[".repeat(65) + "]".repeat(65), Object.class), "$[0]", "64");
      assertRefused("[".repeat(100_000), Object.class);
      assertRefused("{\"unknown\":" + "[".repeat(100_000), Order.class);
    }

    @Test
    void tooLongNamesAreRefused() {
      String name = "n".repeat(Json.MAX_NAME_LENGTH);

      assertThat(json.decodeObject(bytes("{\"" + name + "\":1}"))).containsKey(name);
      assertRefused("{\"" + "n".repeat(20_000) + "\":1}", Object.class);
    }

    @Test
    void tooLongNumbersAreRefused() {
      assertThat(json.decode("1".repeat(Json.MAX_NUMBER_LENGTH), BigInteger.class)).isPositive();
      assertRefused("1".repeat(Json.MAX_NUMBER_LENGTH + 1), BigInteger.class);
      assertRefused("0." + "1".repeat(1000), BigDecimal.class);
      assertRefused("1e1000000000", BigInteger.class);
    }
  }

  @Nested
  class WhenADocumentNamesAClass {
    static final AtomicInteger MADE = new AtomicInteger();

    /** Tells when it is made. */
    public static final class Gadget {
      public Gadget() {
        MADE.incrementAndGet();
      }
    }

    record Holder(@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) Object value) {}

    record NarrowHolder(@JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS) Shape value) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes(@JsonSubTypes.Type(value = Circle.class, name = "circle"))
    sealed interface Shape {}

    record Circle(double radius) implements Shape {}

    @Test
    void itIsOnlyText() {
      String name = Gadget.class.getName();

      assertThat(json.decode("[\"" + name + "\",{}]", Object.class))
          .isEqualTo(List.of(name, Map.of()));
      assertThat(json.decode("{\"@class\":\"" + name + "\"}", Object.class))
          .isEqualTo(Map.of("@class", name));
      assertThat(MADE).hasValue(0);
    }

    @Test
    void itIsRefusedEvenWhereAnAnnotationAllowsIt() {
      String gadget = "{\"@class\":\"" + Gadget.class.getName() + "\"}";

      assertRefused("{\"value\":" + gadget + "}", Holder.class);
      assertRefused("{\"value\":[\"" + Gadget.class.getName() + "\",{}]}", Holder.class);
      assertRefused("{\"value\":{\"@c\":\".JsonTest$Circle\",\"radius\":1}}", NarrowHolder.class);
      assertThat(MADE).hasValue(0);
    }

    @Test
    void namesThatTheTypeItselfDeclaresStillWork() {
      assertThat(json.decode("{\"@type\":\"circle\",\"radius\":2}", Shape.class))
          .isEqualTo(new Circle(2));
      assertThat(json.encodeText(new Circle(2))).contains("\"@type\":\"circle\"");
      assertRefused("{\"@type\":\"square\"}", Shape.class);
    }
  }

  @Nested
  class WhenBuilding {
    @Test
    void allBadPropertiesAreToldAtOnce() {
      assertThatThrownBy(() -> Json.builder().maxBytes(0).maxDepth(501).build())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "maxBytes was '0' but it must be at least 1; maxDepth was '501' but it must be from 1"
                  + " to 500");
    }

    @Test
    void settingAPropertyTwiceIsAnError() {
      assertThatThrownBy(() -> Json.builder().maxBytes(1).maxBytes(1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("maxBytes was already set to '1'");
      assertThatThrownBy(() -> Json.builder().maxDepth(1).maxDepth(2))
          .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theLargestDepthFitsTheStack() {
      Json deep = Json.builder().maxDepth(Json.LARGEST_MAX_DEPTH).build();
      String text = "{\"a\":".repeat(500) + "1" + "}".repeat(500);

      assertThat(deep.encodeText(deep.decodeObject(bytes(text)))).isEqualTo(text);
    }
  }

  @Test
  void commonTypesRoundTrip() {
    UUID id = UUID.fromString("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");

    assertThat(json.decode(json.encode(id), UUID.class)).isEqualTo(id);
    assertThat(json.decode(json.encode(new byte[] {1, 2}), byte[].class)).containsExactly(1, 2);
    assertThat(json.decode("1.50", BigDecimal.class)).isEqualTo(new BigDecimal("1.50"));
  }

  private void assertRefused(String text, Class<?> type) {
    assertThatThrownBy(() -> json.decode(text, type)).isInstanceOf(MalformedJsonException.class);
    assertThatThrownBy(() -> json.decode(bytes(text), type))
        .isInstanceOf(MalformedJsonException.class);
  }

  private static void assertMalformed(Runnable decode, String path, String rule) {
    MalformedJsonException failure =
        catchThrowableOfType(MalformedJsonException.class, decode::run);
    assertThat(failure).isNotNull();
    assertThat(failure.path()).startsWith(path);
    assertThat(failure.rule()).contains(rule);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
