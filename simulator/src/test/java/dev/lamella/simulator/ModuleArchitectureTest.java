package dev.lamella.simulator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between modules, and between the parts of the embedded cluster. */
@AnalyzeClasses(packages = "dev.lamella", importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleArchitectureTest {

  private static final String CORE = "dev.lamella.core..";
  private static final String PROTO = "dev.lamella.proto..";
  private static final String NVML = "dev.lamella.nvml..";
  private static final String PLUGIN = "dev.lamella.deviceplugin..";
  private static final String EXTENDER = "dev.lamella.extender..";
  private static final String SIMULATOR = "dev.lamella.simulator..";

  @ArchTest static final ArchRule CORE_KNOWS_NOBODY = no(CORE, PROTO, NVML, PLUGIN, EXTENDER);
  @ArchTest static final ArchRule PROTO_KNOWS_NOBODY = no(PROTO, CORE, NVML, PLUGIN, EXTENDER);
  @ArchTest static final ArchRule NVML_KNOWS_CORE_ALONE = no(NVML, PROTO, PLUGIN, EXTENDER);
  @ArchTest static final ArchRule PLUGIN_KNOWS_NO_EXTENDER = no(PLUGIN, EXTENDER);
  @ArchTest static final ArchRule EXTENDER_KNOWS_NO_NODE = no(EXTENDER, PLUGIN, NVML, PROTO);

  @ArchTest
  static final ArchRule NOBODY_KNOWS_THE_SIMULATOR =
      noClasses()
          .that()
          .resideOutsideOfPackage(SIMULATOR)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(SIMULATOR);

  @ArchTest
  static final ArchRule THE_API_SERVER_STANDS_ALONE =
      no(
          "dev.lamella.simulator.apiserver..",
          PLUGIN,
          EXTENDER,
          NVML,
          "dev.lamella.simulator.kubelet..",
          "dev.lamella.simulator.scheduler..",
          "dev.lamella.simulator.demo..");

  @ArchTest
  static final ArchRule KUBELET_AND_SCHEDULER_KNOW_NO_PROGRAM =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.lamella.simulator.kubelet..",
              "dev.lamella.simulator.scheduler..",
              "dev.lamella.simulator.controller..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(PLUGIN, EXTENDER, NVML);

  @ArchTest
  static final ArchRule NO_CYCLES_IN_THE_SIMULATOR =
      slices().matching("dev.lamella.simulator.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NO_CYCLES_IN_THE_PLUGIN =
      slices().matching("dev.lamella.deviceplugin.(*)..").should().beFreeOfCycles();

  private static ArchRule no(String from, String... to) {
    return noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(to);
  }
}
