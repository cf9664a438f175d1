package io.platformkit.examples.quickstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds the documents of a repository against its sources: Java that is shown is Java that is
 * compiled, and a link leads somewhere.
 *
 * <p>A block of Java is preceded by a comment that names its source, {@code <!-- path -->} for a
 * whole file or {@code <!-- path#region -->} for what lies between {@code // @start region="…"} and
 * {@code // @end}, without its indentation.
 */
final class Documentation {
  private static final Pattern SOURCE = Pattern.compile("<!-- (\\S+?)(?:#(\\S+))? -->");
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern ABSOLUTE = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:.*");
  private static final String WHAT_TO_DO =
      "put <!-- path/to/Source.java#region --> on the line before the block and copy the region";

  private final Path root;
  private final List<String> faults = new ArrayList<>();

  private Documentation(Path root) {
    this.root = root;
  }

  /** What is wrong with the documents at the root and in docs/; each fault says where. */
  static List<String> faultsOf(Path root) throws IOException {
    var documentation = new Documentation(root);
    for (Path document : documentation.documents()) {
      documentation.check(document);
    }
    return documentation.faults;
  }

  private List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (Path folder : List.of(root, root.resolve("docs"))) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
        }
      }
    }
    return documents;
  }

  private void check(Path document) throws IOException {
    List<String> lines = Files.readAllLines(document);
    Optional<Integer> open = Optional.empty();
    for (int i = 0; i < lines.size(); i++) {
      boolean fence = lines.get(i).stripLeading().startsWith("```");
      if (fence && open.isPresent()) {
        checkBlock(document, lines, open.get(), i);
        open = Optional.empty();
      } else if (fence) {
        open = Optional.of(i);
      } else if (open.isEmpty()) {
        checkLinks(document, lines.get(i), i);
      }
    }
    open.ifPresent(start -> fault(document, start, "the block has no end"));
  }

  private void checkBlock(Path document, List<String> lines, int open, int close)
      throws IOException {
    String language = lines.get(open).strip().substring(3).strip().toLowerCase(Locale.ROOT);
    if (!language.equals("java")) {
      return;
    }
    Matcher source = SOURCE.matcher(open == 0 ? "" : lines.get(open - 1).strip());
    if (!source.matches()) {
      fault(document, open, "the Java block names no compiled source; " + WHAT_TO_DO);
      return;
    }
    Path file = root.resolve(source.group(1));
    if (!Files.isRegularFile(file)) {
      fault(document, open, "source '%s' does not exist".formatted(source.group(1)));
      return;
    }
    compare(document, open, dedent(lines.subList(open + 1, close)), file, source.group(2));
  }

  private void compare(
      Path document, int open, List<String> shown, Path file, @Nullable String region)
      throws IOException {
    List<String> source = Files.readAllLines(file);
    List<String> expected = region == null ? source : region(source, region);
    if (expected.isEmpty()) {
      fault(
          document,
          open,
          "source '%s' has no region '%s'".formatted(root.relativize(file), region));
      return;
    }
    for (int i = 0; i < Math.max(shown.size(), expected.size()); i++) {
      String here = i < shown.size() ? shown.get(i) : "nothing";
      String there = i < expected.size() ? expected.get(i) : "nothing";
      if (!here.equals(there)) {
        fault(
            document,
            open + 1 + i,
            "the block has\n    %s\n  but its source has\n    %s\n  copy the source again"
                .formatted(here, there));
        return;
      }
    }
  }

  /** The lines between the markers without common indentation; empty if there is no such region. */
  private static List<String> region(List<String> source, String name) {
    int start =
        source.stream().map(String::strip).toList().indexOf("// @start region=\"" + name + "\"");
    return start < 0
        ? List.of()
        : dedent(
            source.stream()
                .skip(start + 1)
                .takeWhile(line -> !line.strip().startsWith("// @end"))
                .toList());
  }

  private static List<String> dedent(List<String> lines) {
    String text = lines.stream().collect(Collectors.joining("\n"));
    return text.isEmpty() ? List.of() : text.stripIndent().lines().toList();
  }

  private void checkLinks(Path document, String line, int number) {
    Matcher link = LINK.matcher(line);
    while (link.find()) {
      String target = link.group(1);
      String file = target.replaceFirst("#.*", "");
      if (!ABSOLUTE.matcher(target).matches()
          && !file.isEmpty()
          && !Files.exists(document.resolveSibling(file))) {
        fault(document, number, "link '%s' leads nowhere".formatted(target));
      }
    }
  }

  private void fault(Path document, int line, String text) {
    faults.add("%s:%d: %s".formatted(root.relativize(document), line + 1, text));
  }
}
