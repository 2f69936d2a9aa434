package dev.lamella.extender;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
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
          .layer("page")
          .definedBy("..extender.page..")
          .layer("explain")
          .definedBy("..extender.explain..")
          .layer("inspect")
          .definedBy("..inspect..")
          .layer("drawing")
          .definedBy("..extender.drawing..")
          .layer("webhook")
          .definedBy("..webhook..")
          .layer("certificates")
          .definedBy("..certificates..")
          .layer("leader")
          .definedBy("..leader..")
          .layer("http")
          .definedBy("..http..")
          .layer("metrics")
          .definedBy("..extender.metrics..")
          .layer("wire")
          .definedBy("..wire..")
          .layer("decide")
          .definedBy("..decide..")
          .layer("access")
          .definedBy("..access..")
          .layer("tls")
          .definedBy("..tls..")
          .layer("kube")
          .definedBy("..kube..")
          .whereLayer("program")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("page")
          .mayOnlyBeAccessedByLayers("program")
          .whereLayer("explain")
          .mayOnlyBeAccessedByLayers("program", "page")
          .whereLayer("inspect")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("drawing")
          .mayOnlyBeAccessedByLayers("explain", "inspect")
          .whereLayer("webhook")
          .mayOnlyBeAccessedByLayers("program")
          .whereLayer("certificates")
          .mayOnlyBeAccessedByLayers("program")
          .whereLayer("http")
          .mayOnlyBeAccessedByLayers("program", "webhook", "explain", "page", "leader")
          .whereLayer("leader")
          .mayOnlyBeAccessedByLayers("program")
          .whereLayer("metrics")
          .mayOnlyBeAccessedByLayers("program", "http")
          .whereLayer("wire")
          .mayOnlyBeAccessedByLayers("http", "leader")
          .whereLayer("decide")
          .mayOnlyBeAccessedByLayers(
              "program", "leader", "explain", "page", "http", "wire", "metrics")
          .whereLayer("access")
          .mayOnlyBeAccessedByLayers("program", "http", "webhook", "explain", "page")
          .whereLayer("tls")
          .mayOnlyBeAccessedByLayers("program", "http", "certificates");

  @ArchTest
  static final ArchRule ONLY_KUBE_TALKS_TO_THE_API_SERVER =
      noClasses()
          .that()
          .resideOutsideOfPackages("..kube..", "..inspect..")
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

  @ArchTest
  static final ArchRule LOG_AND_TLS_STAND_ALONE =
      classes()
          .that()
          .resideInAnyPackage("dev.lamella.extender.log..", "dev.lamella.extender.tls..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.lamella.extender.log..",
              "dev.lamella.extender.tls..",
              "java..",
              "org.bouncycastle..");
}
