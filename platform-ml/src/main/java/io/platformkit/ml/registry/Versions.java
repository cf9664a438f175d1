package io.platformkit.ml.registry;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Puts documents and facts together. */
final class Versions {
  private static final Comparator<Map.Entry<String, VersionEntry>> NEWEST_FIRST =
      Map.Entry.comparingByValue(Comparator.comparingLong(VersionEntry::registered).reversed());

  /** Facts vanish from under a reader when their version is deleted: not again and again. */
  private static final int MAX_TRIES = 100;

  private final ModelDocuments documents;
  private final FactsStore facts;

  Versions(ModelDocuments documents, FactsStore facts) {
    this.documents = documents;
    this.facts = facts;
  }

  /** One version that is found in the document. */
  Optional<ModelVersion> one(String model, Function<ModelDocument, Optional<String>> which) {
    return read(
            model,
            document ->
                which
                    .apply(document)
                    .flatMap(version ->
                        Optional.ofNullable(document.versions().get(version))
                            .map(entry -> Map.of(version, entry)))
                    .orElse(Map.of()))
        .stream()
        .findFirst();
  }

  /** The stage of each version, newest first; without their facts, of which nothing is read. */
  SequencedMap<String, Stage> stages(String model) {
    SequencedMap<String, Stage> stages = new LinkedHashMap<>();
    documents
        .find(model)
        .ifPresent(document ->
            newestFirst(document)
                .forEach(entry -> stages.put(entry.getKey(), entry.getValue().stage())));
    return stages;
  }

  private static Stream<Map.Entry<String, VersionEntry>> newestFirst(ModelDocument document) {
    return document.versions().entrySet().stream().sorted(NEWEST_FIRST);
  }

  /** All versions whose stage is right, newest first. */
  List<ModelVersion> all(String model, Predicate<Stage> right) {
    return read(
        model,
        document -> {
          Map<String, VersionEntry> chosen = new LinkedHashMap<>();
          newestFirst(document)
              .filter(entry -> right.test(entry.getValue().stage()))
              .forEach(entry -> chosen.put(entry.getKey(), entry.getValue()));
          return chosen;
        });
  }

  private List<ModelVersion> read(
      String model, Function<ModelDocument, Map<String, VersionEntry>> choice) {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      Optional<ModelDocument> document = documents.find(model);
      Map<String, VersionEntry> chosen = document.map(choice).orElse(Map.of());
      List<ModelVersion> found = facts.read(model, chosen);
      if (found.size() == chosen.size()) {
        return found;
      }
    }
    throw new RegistryException(
        model, "facts of versions of model '%s' are missing from the store".formatted(model));
  }
}
