package io.platformkit.core.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.platformkit.core.MalformedJsonException;
import io.platformkit.core.identity.Principal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {
  enum Kind {
    LINE,
    STACKED_BAR
  }

  @Nested
  class Paths {
    @ParameterizedTest
    @CsvSource({
      "'', /",
      "/, /",
      "/a, /a",
      "/a/, /a",
      "/a//b, /a/b",
      "/a/./b/../c, /a/c",
      "/a%2Fb, /a%2Fb",
      "/a+b, /a+b",
      "/%E2%82%AC, /€",
    })
    void areDecodedAndNormalised(String raw, String path) {
      assertThat(get(raw).path()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"/..", "/a/../..", "/%2e%2e", "/.%2E/a", "/%C3", "/%ED%A0%80", "/%00", "/a%0Ab"})
    void thatCannotBeReadAreTheCallersMistake(String raw) {
      assertThat(catchThrowableOfType(ProblemException.class, () -> get(raw)).problem().status())
          .isEqualTo(400);
    }

    @Test
    void dotsInsideASegmentMeanNothing() {
      assertThat(get("/..a/b..%2F../...").segments()).containsExactly("..a", "b../..", "...");
    }

    @Test
    void belowAPrefixIsTheRestAndTheUrlStays() {
      Request below = get("/api/v1/x?y=1").below("/api/v1").orElseThrow();
      assertThat(below.path()).isEqualTo("/x");
      assertThat(below.url()).isEqualTo(URI.create("http://localhost/api/v1/x?y=1"));
      assertThat(below.query("y")).contains("1");
      assertThat(get("/api/v1").below("/api/v1/").orElseThrow().path()).isEqualTo("/");
      assertThat(get("/api/v12").below("/api/v1")).isEmpty();
      assertThat(get("/api").below("/api/v1")).isEmpty();
    }
  }

  @Nested
  class Queries {
    @Test
    void keepTheOrderOfRepeatedParameters() {
      assertThat(get("/?a=2&b=x&a=1").queryAll("a")).containsExactly("2", "1");
      assertThat(get("/?a=2&a=1").query("a")).contains("2");
      assertThat(get("/?a[]=2&a=1").queryAll("a")).containsExactly("1", "2");
      assertThat(get("/").queryAll("a")).isEmpty();
    }

    @Test
    void mayHaveParametersWithoutValueOrName() {
      Request request = get("/?a&b=&=c&&d=1=2");
      assertThat(request.query("a")).contains("");
      assertThat(request.query("b")).contains("");
      assertThat(request.query("d")).contains("1=2");
    }

    @Test
    void arePlainTextOtherwise() {
      assertThat(get("/?a=%2B+%26%3D%25").query("a")).contains("+ &=%");
    }
  }

  @Nested
  class Parameters {
    @Test
    void areReadAsWhatTheyAre() {
      Request request =
          get("/?n=-3&at=2026-01-02T03:04:05%2B01:00&d=90m&iso=PT0.5S&kind=stacked-bar");
      assertThat(request.queryInt("n", -3, 3)).hasValue(-3);
      assertThat(request.queryInstant("at")).contains(Instant.parse("2026-01-02T02:04:05Z"));
      assertThat(duration(request, "d")).isEqualTo(Duration.ofMinutes(90));
      assertThat(duration(request, "iso")).isEqualTo(Duration.ofMillis(500));
      assertThat(request.queryEnum("kind", Kind.class)).contains(Kind.STACKED_BAR);
    }

    private static Duration duration(Request request, String name) {
      return request.queryDuration(name, Duration.ZERO, Duration.ofDays(1)).orElseThrow();
    }

    @Test
    void thatAreAbsentAreEmpty() {
      assertThat(get("/").queryInt("n", 1, 2)).isEmpty();
      assertThat(get("/").queryInstant("n")).isEmpty();
      assertThat(get("/").queryDuration("n", Duration.ZERO, Duration.ZERO)).isEmpty();
      assertThat(get("/").queryEnum("n", Kind.class)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "11", "1.0", "", "x", "99999999999", "1e1"})
    void thatAreNoNumberInRangeAreRefused(String text) {
      refused(() -> get("/?n=" + text).queryInt("n", 1, 10), "a whole number from 1 to 10");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "now",
          "2026-01-01",
          "2026-01-01T00:00:00",
          "%2B999999999-12-31T23:59:59Z",
          "0000-01-01T00:00:00Z",
          "-0001-01-01T00:00:00Z"
        })
    void thatAreNoMomentAreRefused(String text) {
      refused(() -> get("/?n=" + text).queryInstant("n"), "a moment with an offset");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "m", "0s", "2d", "PT25H", "-PT1M", "999999999999999d", "P1M"})
    void thatAreNoLengthOfTimeInRangeAreRefused(String text) {
      refused(
          () -> get("/?n=" + text).queryDuration("n", Duration.ofSeconds(1), Duration.ofDays(1)),
          "a length of time from PT1S to PT24H");
    }

    @Test
    void thatAreNoNameAreRefusedWithAllNames() {
      refused(() -> get("/?n=pie").queryEnum("n", Kind.class), "one of [line, stacked_bar]");
    }

    @Test
    void thatAreLongAreNotRepeatedWhole() {
      var refusal =
          catchThrowableOfType(
              ProblemException.class, () -> get("/?n=" + "9".repeat(500)).queryInt("n", 0, 1));
      assertThat(refusal.problem().detail().orElseThrow()).hasSizeLessThan(200);
    }

    private static void refused(ThrowingCallable reading, String rule) {
      Problem problem = catchThrowableOfType(ProblemException.class, reading).problem();
      assertThat(problem.status()).isEqualTo(400);
      assertThat(problem.detail().orElseThrow())
          .startsWith("n was '")
          .contains("but it must be " + rule);
      assertThat(problem.extensions()).containsEntry("parameter", "n");
    }
  }

  @Test
  void headersIgnoreCaseAndKeepRepeats() {
    Request request =
        Request.builder("GET", URI.create("http://h/")).header("A", "1").header("a", "2").build();
    assertThat(request.headers("A")).containsExactly("1", "2");
    assertThat(request.headers()).containsOnlyKeys("A");
    assertThat(request.header("b")).isEmpty();
  }

  @Test
  void thePrincipalStaysWithTheRequestBelowAMount() {
    Principal caller = Principal.of("b2", "reader");
    Request known = get("/a/b").withPrincipal(caller);
    assertThat(known.below("/a").orElseThrow().principal()).contains(caller);
    assertThat(get("/a").principal()).isEmpty();
  }

  @Test
  void theBodyIsReadAsJson() {
    Request request =
        Request.builder("POST", URI.create("http://h/")).body("[1,2]".getBytes(UTF_8)).build();
    assertThat(request.json(int[].class)).containsExactly(1, 2);
    assertThatThrownBy(() -> get("/").json(int[].class)).isInstanceOf(MalformedJsonException.class);
  }

  @Test
  void logsSeeMethodAndPathAlone() {
    assertThat(get("/a?token=secret")).hasToString("GET /a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/x", "http:/x", "mailto:a@b"})
  void aUrlWithoutHostIsRefused(String url) {
    assertThatThrownBy(() -> Request.builder("GET", URI.create(url)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("url was '" + url + "' but it must have a scheme and a host");
  }

  private static Request get(String pathAndQuery) {
    return Request.builder("GET", URI.create("http://localhost" + pathAndQuery)).build();
  }
}
