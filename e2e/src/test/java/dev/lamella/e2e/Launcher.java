package dev.lamella.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Starts programs that do not outlive this one: closing ends them, the newest first, and the kernel
 * kills them if this JVM is killed. It does so when the <em>thread</em> that started them ends, so
 * one thread starts them all.
 */
final class Launcher implements AutoCloseable {

  private static final int QUOTED_LINES = 12;

  private final Path logs;
  private final Deque<Program> programs = new ArrayDeque<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(task, "launcher");
            made.setDaemon(true);
            return made;
          });

  /**
   * @param logs folder for NAME.log, output and errors in one; a restarted program's log goes on
   */
  Launcher(Path logs) {
    this.logs = logs;
  }

  Path logs() {
    return logs;
  }

  Program launch(String name, List<String> command, Map<String, String> environment)
      throws IOException {
    Path log = logs.resolve(name + ".log");
    List<String> bounded = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL", "--"));
    bounded.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(bounded)
            .directory(logs.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    Program program = new Program(name, log, started(builder::start));
    programs.push(program);
    return program;
  }

  private Process started(Callable<Process> start) throws IOException {
    try {
      return thread.submit(start).get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** The end of every log, to be read when something went wrong. */
  String tails() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.list(logs)) {
      for (Path log : files.filter(f -> f.toString().endsWith(".log")).sorted().toList()) {
        text.append("\n--- ").append(log).append('\n').append(Program.tail(log, QUOTED_LINES));
      }
    }
    return text.append('\n').toString();
  }

  @Override
  public void close() {
    while (!programs.isEmpty()) {
      programs.pop().close();
    }
    thread.shutdown();
    try {
      thread.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
