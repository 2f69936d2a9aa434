package dev.lamella.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running program with its log. */
final class Program implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 10;

  private final String name;
  private final Path log;
  private final Process process;

  Program(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  long pid() {
    return process.pid();
  }

  /** What it holds of memory now, in MiB. */
  long residentMiB() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(0);
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Processor time that it has taken so far. */
  long cpuMillis() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
  }

  /** Fails with the end of the log if the program is gone. */
  void requireAlive() throws IOException {
    if (!process.isAlive()) {
      throw new IllegalStateException(
          "%s ended with %d:%n%s".formatted(name, process.exitValue(), tail(log, 15)));
    }
  }

  /** The exit code, once it has ended by itself. */
  int awaitEnd(long seconds) throws InterruptedException, IOException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new IllegalStateException(
          "%s did not end within %d s:%n%s".formatted(name, seconds, tail(log, 15)));
    }
    return process.exitValue();
  }

  /** SIGSTOP: it stays what it is and takes no processor time until it is {@link #resume}d. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    Command.run(5, Path.of("/"), "", List.of("kill", "-" + signal, Long.toString(pid())));
  }

  /** Ends it at once, without a word. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Asks, and after ten seconds insists. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  static String tail(Path log, int lines) throws IOException {
    List<String> all = Files.readString(log).lines().toList();
    return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
  }
}
