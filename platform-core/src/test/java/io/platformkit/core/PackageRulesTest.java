package io.platformkit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class PackageRulesTest {
  private static final String FIXTURES = "io.platformkit.fixtures.";

  @Test
  void aCycleOfPackagesIsFound() {
    List<String> faults = faults(PackageRules::noCycles, "cycles");

    assertThat(faults).hasSize(1);
    assertThat(faults.getFirst())
        .startsWith("Cycle detected: Slice core.a")
        .contains("Slice core.b")
        .contains("First.use(", "Second.use(")
        .doesNotContain("Third");
  }

  @Test
  void aRootPackageThatUsesItsSubPackageIsFound() {
    assertThat(faults(PackageRules::rootsUseNoSubPackages, "roots"))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("the root package of a module must not use its sub-packages: ")
        .contains("roots.core.Door.use(", "roots.core.feature.Engine");
  }

  @Test
  void anAdapterThatOthersUseIsFound() {
    List<String> faults = faults(PackageRules::adaptersAreUsedByTheirLikeAlone, "adapters");

    assertThat(faults)
        .hasSize(2)
        .allSatisfy(fault ->
            assertThat(fault)
                .startsWith(
                    "the adapter 'redis' may be used by adapters of the same server alone: "))
        .anySatisfy(fault -> assertThat(fault).contains("adapters.core.lease.Leases.use("))
        .anySatisfy(fault -> assertThat(fault).contains("adapters.core.jdbc.JdbcStore.use("));
  }

  @Test
  void aModuleThatUsesAForbiddenOneIsFound() {
    assertThat(faults(PackageRules::modulesUseOnlyWhatTheyMay, "modules"))
        .hasSize(4)
        .anySatisfy(fault ->
            assertThat(fault).startsWith("'core.store' must not use module 'scheduling': "))
        .anySatisfy(
            fault -> assertThat(fault).startsWith("'notify' must not use module 'realtime': "))
        .anySatisfy(fault ->
            assertThat(fault).startsWith("'ml.registry' must not use module 'experiments': "))
        .anySatisfy(fault -> assertThat(fault).startsWith("'billing' is no module of the table: "));
  }

  @Test
  void aModuleWithoutClassesPasses() {
    JavaClasses none = new ClassFileImporter().importClasses();

    for (ArchRule rule :
        List.of(
            PackageRules.noCycles("io.platformkit"),
            PackageRules.rootsUseNoSubPackages("io.platformkit"),
            PackageRules.adaptersAreUsedByTheirLikeAlone("io.platformkit"),
            PackageRules.modulesUseOnlyWhatTheyMay("io.platformkit"))) {
      assertThatCode(() -> rule.check(none)).doesNotThrowAnyException();
    }
  }

  private static List<String> faults(Function<String, ArchRule> rule, String fixture) {
    String root = FIXTURES + fixture;
    return rule.apply(root)
        .evaluate(new ClassFileImporter().importPackages(root))
        .getFailureReport()
        .getDetails();
  }
}
