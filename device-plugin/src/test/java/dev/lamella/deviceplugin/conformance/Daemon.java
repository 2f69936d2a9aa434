package dev.lamella.deviceplugin.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program in a JVM of its own, with the flags that production gives it. */
final class Daemon implements AutoCloseable {

  private static final Path JVM_FLAGS = Path.of("..", "bin", "device-plugin.jvm");
  private static final int LIMIT_SECONDS = 30;

  private final Process process;
  private final Path err;

  private Daemon(Process process, Path err) {
    this.process = process;
    this.err = err;
  }

  /**
   * @param err where its log goes
   */
  static Daemon start(Path err, List<String> flags) throws IOException {
    return start(err, List.of(), System.getProperty("java.class.path"), flags);
  }

  /**
   * @param jvm flags besides those of production
   * @param classPath where the program is
   */
  static Daemon start(Path err, List<String> jvm, String classPath, List<String> flags)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + JVM_FLAGS.toAbsolutePath().normalize());
    command.addAll(jvm);
    command.addAll(List.of("-cp", classPath, "dev.lamella.deviceplugin.Main"));
    command.addAll(flags);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("NODE_NAME");
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    Process process =
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(err.toFile()).start();
    return new Daemon(process, err);
  }

  long pid() {
    return process.pid();
  }

  /** What it has logged so far. */
  List<String> log() throws IOException {
    // A line may be cut in the middle of a character while it is written.
    return new String(Files.readAllBytes(err), StandardCharsets.UTF_8).lines().toList();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Waits for its end. */
  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("the program ends").isTrue();
    return process.exitValue();
  }

  /** The last line it wrote: why it ended. */
  String lastWord() throws IOException {
    List<String> lines = log();
    return lines.get(lines.size() - 1);
  }

  /** SIGTERM, as the kubelet stops a container. */
  void terminate() {
    process.destroy();
  }

  /** SIGKILL: no last words, nothing is tidied up. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
