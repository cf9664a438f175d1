package io.platformkit.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentationTest {
  @Test
  void javaInTheDocumentsIsCompiledAndLinksLeadSomewhere() throws Exception {
    assertThat(String.join("\n", Documentation.faultsOf(repository()))).isEmpty();
  }

  /** Where the build's wrapper is: tests run there or in this module's folder. */
  private static Path repository() {
    Path here = Path.of("").toAbsolutePath();
    return Stream.of(here, here.resolve("../.."))
        .filter(folder -> Files.exists(folder.resolve("mvnw")))
        .findFirst()
        .orElseThrow()
        .normalize();
  }

  @Nested
  class WhenADocumentIsWrong {
    @TempDir Path root;

    @BeforeEach
    void writeSource() throws IOException {
      Files.createDirectories(root.resolve("docs"));
      Files.writeString(
          root.resolve("A.java"),
          """
          class A {
            // @start region="one"
            int a = 1;

            int b = 2;
            // @end
          }
          """);
    }

    @Test
    void aRegionThatIsShownAsItIsIsFine() throws Exception {
      assertThat(faults("<!-- A.java#one -->\n```java\nint a = 1;\n\nint b = 2;\n```\n")).isEmpty();
    }

    @Test
    void aWholeFileThatIsShownAsItIsIsFine() throws Exception {
      String source = Files.readString(root.resolve("A.java"));
      assertThat(faults("<!-- A.java -->\n```java\n" + source + "```\n")).isEmpty();
    }

    @Test
    void aBlockWithoutSourceIsToldWhatToDo() throws Exception {
      assertThat(faults("# Title\n\n```java\nint a = 1;\n```\n"))
          .containsExactly(
              "docs/guide.md:3: the Java block names no compiled source; put"
                  + " <!-- path/to/Source.java#region --> on the line before the block and copy the"
                  + " region");
    }

    @Test
    void aCommentThatIsNotDirectlyBeforeTheBlockDoesNotCount() throws Exception {
      assertThat(faults("<!-- A.java#one -->\n\n```java\nint a = 1;\n```\n"))
          .singleElement()
          .asString()
          .contains("names no compiled source");
    }

    @Test
    void aBlockThatDiffersIsShownBesideItsSource() throws Exception {
      assertThat(faults("<!-- A.java#one -->\n```java\nint a = 1;\n\nint b = 3;\n```\n"))
          .singleElement()
          .asString()
          .startsWith("docs/guide.md:5: ")
          .contains("int b = 3;", "int b = 2;");
    }

    @Test
    void aBlockThatStopsTooEarlyIsSeen() throws Exception {
      assertThat(faults("<!-- A.java#one -->\n```java\nint a = 1;\n```\n")).hasSize(1);
    }

    @Test
    void aSourceOrRegionThatIsMissingIsSeen() throws Exception {
      assertThat(faults("<!-- B.java -->\n```java\n```\n<!-- A.java#two -->\n```java\nx\n```\n"))
          .containsExactly(
              "docs/guide.md:2: source 'B.java' does not exist",
              "docs/guide.md:5: source 'A.java' has no region 'two'");
    }

    @Test
    void aBlockThatDoesNotEndIsSeen() throws Exception {
      assertThat(faults("```java\nint a;\n"))
          .containsExactly("docs/guide.md:1: the block has no end");
    }

    @Test
    void aLinkThatLeadsNowhereIsSeen() throws Exception {
      String document =
          """
          [a](../A.java) [b](b.md#x) [c](#here) [d](https://example.org/)
          ```sh
          [e](e.md)
          ```
          """;
      assertThat(faults(document)).containsExactly("docs/guide.md:1: link 'b.md#x' leads nowhere");
    }

    @Test
    void otherLanguagesNeedNoSource() throws Exception {
      assertThat(faults("```xml\n<a/>\n```\n")).isEmpty();
    }

    private List<String> faults(String document) throws IOException {
      Files.writeString(root.resolve("docs").resolve("guide.md"), document);
      return Documentation.faultsOf(root);
    }
  }
}
