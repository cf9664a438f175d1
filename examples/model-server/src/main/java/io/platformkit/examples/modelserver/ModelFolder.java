package io.platformkit.examples.modelserver;

import io.platformkit.core.Json;
import io.platformkit.core.PlatformException;
import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelLoader;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.registry.ModelVersion;
import io.platformkit.ml.registry.NewVersion;
import io.platformkit.ml.registry.Note;
import io.platformkit.ml.registry.Stage;
import io.platformkit.ml.schema.ModelSchema;
import io.platformkit.ml.schema.OutputReader;
import io.platformkit.ml.schema.RowEncoder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers what appears in a folder: {@code <model>/<version>.onnx}, described by {@code
 * <model>/model.json} and {@code <model>/<version>.json}. A file is registered as soon as it can be
 * loaded, which one that is still being copied can't. A model's first version is promoted at once,
 * later ones wait for somebody to do it. For one thread at a time.
 */
final class ModelFolder {
  private static final Logger LOG = LoggerFactory.getLogger(ModelFolder.class);
  private static final Json JSON = Json.standard();
  private static final String ONNX = ".onnx";
  private static final Note NOTE = Note.by("folder");

  private final Path folder;
  private final ModelRegistry registry;
  private final ModelLoader loader;
  private final PrintStream out;
  private final Map<Path, Looked> seen = new HashMap<>();

  /** How a file was. */
  private record Stamp(long bytes, FileTime modified) {
    static Optional<Stamp> of(Path file) throws IOException {
      return Files.exists(file)
          ? Optional.of(new Stamp(Files.size(file), Files.getLastModifiedTime(file)))
          : Optional.empty();
    }
  }

  /** How all that makes a version was. */
  private record Looked(Optional<Stamp> onnx, Optional<Stamp> facts, Optional<Stamp> card) {}

  /**
   * Of a folder that is there.
   *
   * @param loader tries whether a file is a model
   * @param out is told what was registered and promoted
   */
  ModelFolder(Path folder, ModelRegistry registry, ModelLoader loader, PrintStream out) {
    this.folder = folder;
    this.registry = registry;
    this.loader = loader;
    this.out = out;
  }

  /**
   * Registers what is new. What is wrong with a file is logged once, and it is tried again when it
   * or what describes it has changed.
   */
  void look() {
    try {
      for (Path model : list(folder, "*")) {
        if (ModelRegistry.isName(name(model)) && Files.isDirectory(model)) {
          lookInto(model);
        }
      }
    } catch (IOException failure) {
      LOG.warn("Can't read folder {}: {}", folder, failure.toString());
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  /** By name. */
  private static List<Path> list(Path folder, String glob) throws IOException {
    List<Path> paths = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, glob)) {
      found.forEach(paths::add);
    }
    paths.sort(Comparator.naturalOrder());
    return paths;
  }

  private void lookInto(Path model) throws IOException {
    promoteFirst(name(model));
    for (Path file : list(model, "*" + ONNX)) {
      String version = name(file).substring(0, name(file).length() - ONNX.length());
      Path facts = model.resolve(version + ".json");
      Path card = model.resolve(ModelCard.FILE);
      Looked now = new Looked(Stamp.of(file), Stamp.of(facts), Stamp.of(card));
      Looked before = seen.put(file, now);
      if (!now.equals(before)) {
        boolean changed = before != null && !now.onnx().equals(before.onnx());
        lookAt(name(model), version, file, changed);
      }
    }
  }

  private void lookAt(String model, String version, Path file, boolean changed) {
    try {
      if (registry.version(model, version).isEmpty()) {
        register(model, version, file);
      } else if (changed) {
        LOG.warn("{} changed, but a version never does: give it another name", file);
      }
    } catch (ModelException | IllegalArgumentException | IllegalStateException fault) {
      LOG.warn("{} is not registered: {}", file, fault.getMessage());
    } catch (IOException | PlatformException failure) {
      seen.remove(file);
      LOG.warn("{} is not registered yet: {}", file, failure.toString());
    }
  }

  private void register(String model, String version, Path file) throws IOException {
    ModelCard card = read(file.resolveSibling(ModelCard.FILE), ModelCard.class, ModelCard.EMPTY);
    Path beside = file.resolveSibling(version + ".json");
    NewVersion.Builder facts = NewVersion.builder(model, version).note(NOTE);
    card.algorithm().ifPresent(facts::algorithm);
    card.schema().ifPresent(facts::schema);
    read(beside, VersionCard.class, VersionCard.EMPTY).describe(facts);

    byte[] onnx = Files.readAllBytes(file);
    try (ModelRunner runner = loader.load(new VersionId(model, version), onnx)) {
      card.schema().ifPresent(schema -> requireFit(schema, runner));
    }
    registry.register(facts.build(), onnx);
    out.printf("Registered %s %s.%n", model, version);
    promoteFirst(model);
  }

  private static <T> T read(Path file, Class<T> type, T otherwise) throws IOException {
    return Files.exists(file) ? JSON.decode(Files.readAllBytes(file), type) : otherwise;
  }

  /** What the server would find out when it loads it. */
  private static void requireFit(ModelSchema schema, ModelRunner runner) {
    var unusedEncoder = RowEncoder.of(schema, runner.signature());
    var unusedReader = OutputReader.of(runner.id(), schema, runner.signature());
  }

  /** Also if an earlier start was cut off after it had registered it. */
  private void promoteFirst(String model) {
    SequencedMap<String, Stage> stages = registry.stages(model);
    if (stages.size() == 1 && stages.containsValue(Stage.STAGED)) {
      String first = stages.firstEntry().getKey();
      if (registry.version(model, first).filter(ModelFolder::wasNeverDeployed).isPresent()) {
        registry.promote(model, first, NOTE.because("the first version"));
        out.printf("Promoted %s %s, its first version.%n", model, first);
      }
    }
  }

  private static boolean wasNeverDeployed(ModelVersion version) {
    return version.deployedAt().isEmpty();
  }
}
