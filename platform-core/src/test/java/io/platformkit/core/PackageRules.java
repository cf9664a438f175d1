package io.platformkit.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Which package may use which. One class for all modules: the build runs it in each of them, on the
 * production classes of that module alone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public final class PackageRules {
  private static final String ROOT = "io.platformkit";

  /** Packages named after a server or a library that not every host has. */
  private static final Set<String> ADAPTERS =
      Set.of("jdbc", "kafka", "netty", "onnx", "pebble", "postgresql", "redis", "smtp", "sqlite");

  /** Modules that are hosts: they may use everything. */
  private static final Set<String> HOSTS = Set.of("benchmarks", "examples");

  private static final Map<String, Set<String>> MAY_USE =
      Map.of(
          "core", Set.of(),
          "realtime", Set.of("core"),
          "experiments", Set.of("core"),
          "scheduling", Set.of("core"),
          "notify", Set.of("core", "scheduling"),
          "ml", Set.of("core"));

  /** Packages that alone in their module may use one more module. */
  private static final Map<String, String> EXCEPTIONS =
      Map.of("notify.inapp", "realtime", "ml.gateway", "experiments");

  private final JavaClasses production = importProduction();

  /** For JUnit. */
  public PackageRules() {}

  @Test
  void packagesHaveNoCycles() {
    noCycles(ROOT).check(production);
  }

  @Test
  void theRootPackageOfAModuleNeverUsesItsOwnSubPackages() {
    rootsUseNoSubPackages(ROOT).check(production);
  }

  @Test
  void adaptersAreUsedByAdaptersOfTheSameServerAlone() {
    adaptersAreUsedByTheirLikeAlone(ROOT).check(production);
  }

  @Test
  void modulesUseOnlyTheModulesThatTheyMay() {
    modulesUseOnlyWhatTheyMay(ROOT).check(production);
  }

  /** Surefire says where the module is; elsewhere the working directory does. */
  private static JavaClasses importProduction() {
    Path module = Path.of(System.getProperty("basedir", System.getProperty("user.dir")));
    Path classes = module.resolve("target").resolve("classes");
    if (Files.isDirectory(classes)) {
      return new ClassFileImporter().importPath(classes);
    }
    if (Files.isDirectory(module.resolve("src").resolve("main").resolve("java"))) {
      throw new IllegalStateException(
          "'%s' does not exist; compile the module before checking its packages"
              .formatted(classes));
    }
    return new ClassFileImporter().importClasses();
  }

  static ArchRule noCycles(String root) {
    return slices()
        .matching(root + ".(**)")
        .should()
        .beFreeOfCycles()
        .because("a cycle makes one package of two")
        .allowEmptyShould(true);
  }

  static ArchRule rootsUseNoSubPackages(String root) {
    return everyUse(
        root,
        "not use a sub-package from the root package of its module",
        (from, to) ->
            from.isModuleRoot() && from.module().equals(to.module()) && !to.isModuleRoot()
                ? Optional.of("the root package of a module must not use its sub-packages")
                : Optional.empty());
  }

  static ArchRule adaptersAreUsedByTheirLikeAlone(String root) {
    return everyUse(
        root,
        "use an adapter only from an adapter of the same server",
        (from, to) ->
            to.adapter().isPresent()
                    && !to.adapter().equals(from.adapter())
                    && !HOSTS.contains(from.module())
                ? Optional.of(
                    "the adapter '%s' may be used by adapters of the same server alone"
                        .formatted(to.adapter().get()))
                : Optional.empty());
  }

  static ArchRule modulesUseOnlyWhatTheyMay(String root) {
    return everyUse(root, "use only the modules that its module may", PackageRules::moduleFault);
  }

  private static Optional<String> moduleFault(Place from, Place to) {
    if (!HOSTS.contains(from.module()) && !MAY_USE.containsKey(from.module())) {
      return Optional.of("'%s' is no module of the table".formatted(from.module()));
    }
    if (HOSTS.contains(from.module())
        || from.module().equals(to.module())
        || MAY_USE.getOrDefault(from.module(), Set.of()).contains(to.module())
        || to.module().equals(EXCEPTIONS.get(from.path()))) {
      return Optional.empty();
    }
    return Optional.of("'%s' must not use module '%s'".formatted(from.path(), to.module()));
  }

  private static ArchRule everyUse(String root, String description, Rule rule) {
    return classes()
        .should(
            new ArchCondition<JavaClass>(description) {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                for (Dependency use : type.getDirectDependenciesFromSelf()) {
                  Optional<Place> to = Place.of(root, use.getTargetClass());
                  Place.of(root, type)
                      .flatMap(from -> to.flatMap(target -> rule.fault(from, target)))
                      .ifPresent(fault ->
                          events.add(
                              SimpleConditionEvent.violated(
                                  use, fault + ": " + use.getDescription())));
                }
              }
            })
        .allowEmptyShould(true);
  }

  private interface Rule {
    /** What is wrong with using one from the other, if anything. */
    Optional<String> fault(Place from, Place to);
  }

  /** A package of ours, as its path below the root: {@code notify.inapp}. */
  private record Place(String path) {
    static Optional<Place> of(String root, JavaClass type) {
      String name = type.getBaseComponentType().getPackageName();
      return name.startsWith(root + ".")
          ? Optional.of(new Place(name.substring(root.length() + 1)))
          : Optional.empty();
    }

    String module() {
      return path.split("\\.", 2)[0];
    }

    boolean isModuleRoot() {
      return path.equals(module());
    }

    Optional<String> adapter() {
      return Arrays.stream(path.split("\\.")).skip(1).filter(ADAPTERS::contains).findFirst();
    }
  }
}
