package dev.lamella.extender;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.lamella.extender",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ExtenderArchitectureTest {

  @ArchTest
  static final ArchRule DATA_FLOWS_ONE_WAY =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("program")
          .definedBy("dev.lamella.extender")
          .layer("http")
          .definedBy("..http..")
          .layer("metrics")
          .definedBy("..extender.metrics..")
          .layer("wire")
          .definedBy("..wire..")
          .layer("decide")
          .definedBy("..decide..")
          .layer("kube")
          .definedBy("..kube..")
          .whereLayer("program")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("http")
          .mayOnlyBeAccessedByLayers("program")
          .whereLayer("metrics")
          .mayOnlyBeAccessedByLayers("program", "http")
          .whereLayer("wire")
          .mayOnlyBeAccessedByLayers("http")
          .whereLayer("decide")
          .mayOnlyBeAccessedByLayers("program", "http", "wire", "metrics");

  @ArchTest
  static final ArchRule ONLY_KUBE_TALKS_TO_THE_API_SERVER =
      noClasses()
          .that()
          .resideOutsideOfPackage("..kube..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.kubernetes..", "okhttp3..");

  @ArchTest
  static final ArchRule ONLY_HTTP_SERVES =
      noClasses()
          .that()
          .resideOutsideOfPackage("..http..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.eclipse.jetty..");
}
