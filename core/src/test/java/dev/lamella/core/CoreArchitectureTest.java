package dev.lamella.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;

/** The core decides and does nothing else: JDK only, no I/O, no clock, no chance, no threads. */
@AnalyzeClasses(packages = "dev.lamella.core", importOptions = ImportOption.DoNotIncludeTests.class)
class CoreArchitectureTest {

  @ArchTest
  static final ArchRule STANDS_ON_THE_JDK_ALONE =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("dev.lamella.core..", "java.lang..", "java.util..", "java.math..");

  @ArchTest
  static final ArchRule KNOWS_NO_THREADS_CLOCKS_CHANCE_OR_LOGS =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName(Thread.class.getName())
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.Random")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName(Clock.class.getName())
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.concurrent..", "java.util.logging..", "java.io..")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime");

  @ArchTest
  static final ArchRule HAS_NO_CYCLES =
      slices().matching("dev.lamella.core.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule DATA_FLOWS_ONE_WAY =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("explain")
          .definedBy("..explain..")
          .layer("reclaim")
          .definedBy("..reclaim..")
          .layer("placement")
          .definedBy("..placement..")
          .layer("quota")
          .definedBy("..quota..")
          .layer("ledger")
          .definedBy("..ledger..")
          .layer("tenancy")
          .definedBy("..tenancy..")
          .layer("facts")
          .definedBy(
              "..geometry..",
              "..inventory..",
              "..resource..",
              "..pod..",
              "..assignment..",
              "..api..",
              "..amount..",
              "..reason..")
          .whereLayer("explain")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("reclaim")
          .mayOnlyBeAccessedByLayers("explain")
          .whereLayer("placement")
          .mayOnlyBeAccessedByLayers("explain", "reclaim")
          .whereLayer("quota")
          .mayOnlyBeAccessedByLayers("explain", "reclaim", "placement")
          .whereLayer("ledger")
          .mayOnlyBeAccessedByLayers("explain", "reclaim", "placement", "quota")
          .whereLayer("tenancy")
          .mayOnlyBeAccessedByLayers("explain", "reclaim", "placement", "quota", "ledger");
}
