package dev.lamella.deviceplugin;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which package may know which. */
@AnalyzeClasses(packages = "dev.lamella.deviceplugin", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String ROOT = "dev.lamella.deviceplugin";

  @ArchTest
  static final ArchRule ALLOCATION_IS_PURE =
      classes()
          .that()
          .resideInAPackage(ROOT + ".allocation")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(ROOT + ".allocation", "dev.lamella.core..", "java..");

  @ArchTest
  static final ArchRule ARROWS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("tie")
          .definedBy(ROOT)
          .layer("cli")
          .definedBy(ROOT + ".cli")
          .layer("config")
          .definedBy(ROOT + ".config")
          .layer("inventory")
          .definedBy(ROOT + ".inventory")
          .layer("allocation")
          .definedBy(ROOT + ".allocation")
          .layer("kubelet")
          .definedBy(ROOT + ".kubelet")
          .layer("api")
          .definedBy(ROOT + ".api")
          .layer("report")
          .definedBy(ROOT + ".report")
          .layer("metrics")
          .definedBy(ROOT + ".metrics")
          .layer("usage")
          .definedBy(ROOT + ".usage")
          .layer("health")
          .definedBy(ROOT + ".health")
          .layer("container")
          .definedBy(ROOT + ".container")
          .layer("naming")
          .definedBy(ROOT + ".naming")
          .layer("loop")
          .definedBy(ROOT + ".loop")
          .whereLayer("tie")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("cli")
          .mayOnlyBeAccessedByLayers("tie")
          .whereLayer("config")
          .mayOnlyBeAccessedByLayers("tie", "cli")
          .whereLayer("inventory")
          .mayOnlyBeAccessedByLayers(
              "tie", "cli", "report", "health", "container", "usage", "metrics")
          .whereLayer("container")
          .mayOnlyBeAccessedByLayers("tie", "cli", "config", "kubelet")
          .whereLayer("naming")
          .mayOnlyBeAccessedByLayers("tie", "cli", "config", "report")
          .whereLayer("usage")
          .mayOnlyBeAccessedByLayers("tie", "metrics")
          .whereLayer("health")
          .mayOnlyBeAccessedByLayers("tie")
          .whereLayer("allocation")
          .mayOnlyBeAccessedByLayers("tie", "kubelet", "api", "report", "usage", "metrics")
          .whereLayer("kubelet")
          .mayOnlyBeAccessedByLayers("tie")
          .whereLayer("api")
          .mayOnlyBeAccessedByLayers("tie")
          .whereLayer("report")
          .mayOnlyBeAccessedByLayers("tie")
          .whereLayer("metrics")
          .mayOnlyBeAccessedByLayers("tie");

  @ArchTest
  static final ArchRule GRPC_STAYS_WITH_THE_KUBELET =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".kubelet")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", "dev.lamella.proto..");

  @ArchTest
  static final ArchRule THE_API_SERVER_STAYS_WITH_API =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".api")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.kubernetes..", "okhttp3..");

  @ArchTest
  static final ArchRule NVML_STAYS_WITH_INVENTORY_AND_USAGE =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + ".inventory", ROOT + ".cli", ROOT + ".usage")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.lamella.nvml..");
}
