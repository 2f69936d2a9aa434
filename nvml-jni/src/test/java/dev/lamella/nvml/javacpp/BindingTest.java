package dev.lamella.nvml.javacpp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.nvml.standin.StandinControl;
import dev.lamella.nvml.standin.StandinLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a JVM comes by its library: each situation in a JVM of its own. */
class BindingTest {

  private static final List<String> ANSWERS = List.of("575.57.08", "4096", "GPU-1");

  @TempDir private Path dir;

  @Test
  void aLibraryAtAPathIsUsed() throws Exception {
    assertThat(probe(described(StandinLibrary.compile(dir)))).isEqualTo(ANSWERS);
  }

  @Test
  void aLibraryWithAnotherSonameIsUsedToo() throws Exception {
    assertThat(probe(described(StandinLibrary.compileAs(dir, "libstandin.so.7"))))
        .isEqualTo(ANSWERS);
  }

  @Test
  void aFunctionThatTheLibraryLacksDoesNotEndTheJvm() throws Exception {
    Path library = described(StandinLibrary.compile(dir, "nvmlDeviceGetMemoryInfo"));

    assertThat(probe(library))
        .containsExactly(
            "575.57.08",
            "nvmlDeviceGetMemoryInfo: FUNCTION_NOT_FOUND (13),"
                + " this driver's NVML does not have it",
            "GPU-1");
  }

  /** An old driver: everything beyond the MIG basics may be missing, and none of it may crash. */
  @Test
  void whatADriverCannotMeasureItSays() throws Exception {
    String[] missing = {
      "nvmlDeviceGetComputeRunningProcesses_v3",
      "nvmlDeviceGetPowerUsage",
      "nvmlDeviceGetTemperature",
      "nvmlDeviceGetUtilizationRates",
      "nvmlGpmQueryDeviceSupport",
      "nvmlGpmSampleAlloc"
    };
    Path library = described(StandinLibrary.compile(dir, missing));

    List<String> said = run(program(library.toString(), "usage", "too"));

    assertThat(said.subList(ANSWERS.size(), said.size()))
        .extracting(line -> line.replaceAll(" .*", ""))
        .containsExactly(
            missing[0] + ":",
            missing[1] + ":",
            missing[2] + ":",
            missing[3] + ":",
            "false",
            missing[5] + ":");
  }

  @Test
  void aDriverWithoutEventsSaysSo() throws Exception {
    Path library = described(StandinLibrary.compile(dir, "nvmlEventSetCreate"));

    assertThat(run(program(library.toString(), "events")))
        .last()
        .asString()
        .startsWith("nvmlEventSetCreate: FUNCTION_NOT_FOUND (13)");
  }

  @Test
  void aLibraryWithoutTheEntryPointIsRefused() throws Exception {
    Path library = described(StandinLibrary.compile(dir, "nvmlInit_v2"));

    assertThat(probe(library))
        .singleElement()
        .asString()
        .startsWith("nvmlInit_v2: FUNCTION_NOT_FOUND (13)");
  }

  @Test
  void withoutADriverTheMessageSaysWhatToDo() throws Exception {
    assertThat(probe(dir.resolve("libnvidia-ml.so.1")))
        .singleElement()
        .asString()
        .startsWith("dlopen: LIBRARY_NOT_FOUND (12), " + dir)
        .contains("install NVIDIA's driver on this node");
  }

  @Test
  void aDriverThatAppearsLaterIsFoundByTheSameProcess() throws Exception {
    Path library = described(StandinLibrary.compile(dir));
    Files.move(library, library.resolveSibling("later.so"));
    ProcessBuilder program = program();
    program.environment().put("LD_LIBRARY_PATH", dir.toString());
    program.environment().put("PROBE_MOVES", library.resolveSibling("later.so").toString());
    program.environment().put("PROBE_TO", library.toString());

    List<String> lines = run(program);

    assertThat(lines.get(0)).startsWith("dlopen: LIBRARY_NOT_FOUND (12)");
    assertThat(lines.subList(1, lines.size())).isEqualTo(ANSWERS);
  }

  @Test
  void theSystemsLibraryIsTheOneThatTheLinkerFinds() throws Exception {
    Path library = described(StandinLibrary.compile(dir));
    ProcessBuilder program = program();
    program.environment().put("LD_LIBRARY_PATH", library.getParent().toString());

    assertThat(run(program)).isEqualTo(ANSWERS);
  }

  @Test
  void bindingEverythingAtOnceIsRefusedWithTheVariablesName() throws Exception {
    ProcessBuilder program = program(described(StandinLibrary.compile(dir)).toString());
    program.environment().put("LD_BIND_NOW", "1");

    assertThat(run(program))
        .singleElement()
        .asString()
        .startsWith("dlopen: LIBRARY_NOT_FOUND (12)")
        .endsWith("without LD_BIND_NOW in its environment");
  }

  @Test
  void aLibraryThatIsAskedForComesBeforeTheSystems() throws Exception {
    Path system = StandinLibrary.compile(dir.resolve("system"));
    new StandinControl().line("driver 111.11").writeFor(system);
    Path library = described(StandinLibrary.compileAs(dir, "libstandin.so.7"));
    ProcessBuilder program = program(library.toString());
    program.environment().put("LD_LIBRARY_PATH", system.getParent().toString());

    assertThat(run(program)).isEqualTo(ANSWERS);
  }

  @Test
  void withoutAFolderToLoadFromTheMessageNamesTheSetting() throws Exception {
    Path library = described(StandinLibrary.compile(dir));
    ProcessBuilder program = program(library.toString());
    program.command().add(1, "-Djava.io.tmpdir=" + dir.resolve("missing"));

    assertThat(run(program))
        .singleElement()
        .asString()
        .startsWith("dlopen: OPERATING_SYSTEM (17)")
        .contains("java.io.tmpdir");
  }

  @Test
  void leavesNoFilesBehind() throws Exception {
    Path temporary = Files.createDirectory(dir.resolve("tmp"));
    Path library = described(StandinLibrary.compile(dir));
    ProcessBuilder program = program(library.toString());
    program.command().add(1, "-Djava.io.tmpdir=" + temporary);

    assertThat(run(program)).isEqualTo(ANSWERS);
    assertThat(temporary).isEmptyDirectory();
  }

  private static Path described(Path library) {
    new StandinControl()
        .line("driver 575.57.08")
        .line("gpu")
        .line("uuid GPU-1")
        .line("memory 4096 0")
        .writeFor(library);
    return library;
  }

  private List<String> probe(Path library) throws Exception {
    return run(program(library.toString()));
  }

  private static ProcessBuilder program(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Probe.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /** The lines printed by a program that must end by itself and well. */
  private List<String> run(ProcessBuilder program) throws IOException, InterruptedException {
    Path out = dir.resolve("out");
    Path err = dir.resolve("err");
    Process process = program.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    boolean ended = process.waitFor(30, TimeUnit.SECONDS);
    process.destroyForcibly();

    assertThat(ended).as("ended within 30 s").isTrue();
    assertThat(process.exitValue()).as(Files.readString(err)).isZero();
    return Files.readAllLines(out);
  }
}
