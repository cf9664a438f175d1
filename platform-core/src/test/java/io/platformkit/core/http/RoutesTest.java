package io.platformkit.core.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {
  @Nested
  class Matching {
    private final Routes routes =
        Routes.builder()
            .get("/", says("root"))
            .get("/predict/{model}", says("model"))
            .get("/predict/batch", says("batch"))
            .post("/predict/{model}", says("post model"))
            .get("/predict/{model}/runs/{run}", says("run"))
            .get("/predict/batch/{x}/{y}", says("deep"))
            .mount("/", says("anything"))
            .mount("/files", says("files"))
            .mount(
                "/tenants/{tenant}/files",
                request -> Response.text(request.pathVariable("tenant") + request.path()))
            .get("/files/list", says("list"))
            .build();

    @ParameterizedTest
    @CsvSource({
      "GET, /, root",
      "GET, /predict/batch, batch",
      "GET, /predict/batch/, batch",
      "GET, //predict///batch, batch",
      "GET, /predict/b%61tch, batch",
      "GET, /predict/Batch, model",
      "GET, /predict/fraud%2Fv2, model",
      "POST, /predict/batch, post model",
      "GET, /predict/batch/runs/7, deep",
      "GET, /predict/fraud/runs/7, run",
      "GET, /predict/fraud/walks/7, anything",
      "GET, /files, files",
      "GET, /files/a/b, files",
      "GET, /files/list, list",
      "GET, /filesystem, anything",
      "PUT, /elsewhere, anything",
      "GET, /tenants/t1/files/a, t1/a",
      "GET, /predict/x/../batch, batch",
    })
    void theMostSpecificRouteAnswers(String method, String path, String answer) throws Exception {
      assertThat(text(routes.handle(request(method, path)))).isEqualTo(answer);
    }

    @Test
    void aPathWithRoutesIsNotTheMountsForOtherMethods() throws Exception {
      Response answer = routes.handle(request("PUT", "/predict/batch"));
      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.header("Allow")).contains("GET, HEAD, OPTIONS, POST");
    }
  }

  @Nested
  class Variables {
    @Test
    void areDecodedAndKeepAnEncodedSlash() throws Exception {
      Routes routes =
          Routes.builder()
              .get(
                  "/a/{x}/{y_2}",
                  r -> Response.text(r.pathVariable("x") + "|" + r.pathVariable("y_2")))
              .build();
      assertThat(text(routes.handle(request("GET", "/a/b%2Fc/%C3%A9%20d")))).isEqualTo("b/c|é d");
    }

    @Test
    void ofOuterRoutesAreSeenInside() throws Exception {
      Routes inner =
          Routes.builder()
              .get(
                  "/b/{y}",
                  r -> Response.text(r.pathVariable("x") + r.pathVariable("y") + r.path()))
              .build();
      Routes outer = Routes.builder().mount("/a/{x}", inner).build();
      assertThat(text(outer.handle(request("GET", "/a/1/b/2")))).isEqualTo("12/b/2");
    }

    @Test
    void mayBeMissingForAHandlerOfSeveralRoutes() throws Exception {
      HttpEndpoint handler = r -> Response.text(r.findPathVariable("x").orElse("none"));
      Routes routes = Routes.builder().get("/a", handler).get("/a/{x}", handler).build();
      assertThat(text(routes.handle(request("GET", "/a")))).isEqualTo("none");
      assertThat(text(routes.handle(request("GET", "/a/1")))).isEqualTo("1");
    }

    @Test
    void areThereForWhoeverAsksWithoutARoute() {
      Request request = request("GET", "/a/b%20c");
      assertThat(request.matching("/a/{x}").orElseThrow().pathVariable("x")).isEqualTo("b c");
      assertThat(request.matching("/a")).isEmpty();
      assertThat(request.matching("/b/{x}")).isEmpty();
    }

    @Test
    void thatTheRouteDoesNotHaveAreAMistake() {
      Routes routes = Routes.builder().get("/{a}", r -> Response.text(r.pathVariable("b"))).build();
      assertThatThrownBy(() -> routes.handle(request("GET", "/x")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("path variable was 'b' but the route has [a]");
    }
  }

  @Nested
  class Methods {
    private final Routes routes =
        Routes.builder()
            .put("/x", says("put"))
            .delete("/x", says("delete"))
            .get("/y", request -> Response.text(request.method()))
            .route("HEAD", "/z", says("own head"))
            .get("/z", says("get"))
            .route("OPTIONS", "/z", says("own options"))
            .build();

    @Test
    void headIsAnsweredByGet() throws Exception {
      assertThat(text(routes.handle(request("HEAD", "/y")))).isEqualTo("HEAD");
    }

    @Test
    void headHasNoAnswerWithoutGet() throws Exception {
      assertThat(routes.handle(request("HEAD", "/x")).header("Allow"))
          .contains("DELETE, OPTIONS, PUT");
    }

    @Test
    void aRouteOfItsOwnComesFirst() throws Exception {
      assertThat(text(routes.handle(request("HEAD", "/z")))).isEqualTo("own head");
      assertThat(text(routes.handle(request("OPTIONS", "/z")))).isEqualTo("own options");
    }

    @Test
    void anUnknownPathIsUnknownForEveryMethod() throws Exception {
      assertThat(routes.handle(request("OPTIONS", "/nothing")).status()).isEqualTo(404);
      assertThat(routes.handle(request("PATCH", "/nothing")).status()).isEqualTo(404);
    }
  }

  @Nested
  class Building {
    @Test
    void twoRoutesThatAnswerTheSameAreRefusedWithBothPatterns() {
      Routes.Builder builder =
          Routes.builder()
              .get("/jobs/{id}", says("a"))
              .get("/jobs/{name}/", says("b"))
              .mount("/x", says("c"))
              .mount("/x/", says("d"));
      assertThatThrownBy(builder::build)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "route 'GET /jobs/{name}/' answers the same as 'GET /jobs/{id}'; route '/x/ and"
                  + " below' answers the same as '/x and below'");
    }

    @Test
    void aVariableDoesNotClashWithALiteralThatLooksLikeIt() {
      assertThat(Routes.builder().get("/{a}/b", says("x")).get("/{c}/{d}", says("y")).build())
          .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "a",
          "//",
          "/a//b",
          "/{}",
          "/{a",
          "/a}",
          "/{a}b",
          "/{a}/{a}",
          "/..",
          "/./a",
          "/a%20b",
          "/a?b",
          "/{1a}"
        })
    void aMalformedPathIsRefused(String path) {
      Routes.Builder builder = Routes.builder().get(path, says("x"));
      assertThatThrownBy(builder::build)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("path was '" + path + "' but it must ");
    }
  }

  private static HttpEndpoint says(String text) {
    return request -> Response.text(text);
  }

  private static Request request(String method, String path) {
    return Request.builder(method, URI.create("http://localhost" + path)).build();
  }

  private static String text(Response response) throws Exception {
    return new String(response.bytes(), UTF_8);
  }
}
