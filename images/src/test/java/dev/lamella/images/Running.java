package dev.lamella.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What an image starts, as a process: its own entrypoint, environment, user and root. */
final class Running implements AutoCloseable {

  private static final int LIMIT_SECONDS = 60;
  private static final Path INSIDE = Path.of("inside").toAbsolutePath();

  private final Process process;
  private final Path out;
  private final Path err;

  private Running(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** How an image is started. */
  static final class Start {
    private final Image image;
    private final List<String> environment = new ArrayList<>();
    private final Map<String, Path> mounts = new TreeMap<>();

    private Start(Image image) {
      this.image = image;
      environment.addAll(image.environment());
    }

    /** A variable besides the image's own. */
    Start with(String variable, String value) {
      environment.add(variable + "=" + value);
      return this;
    }

    /** Something of this machine at a path in the container. */
    Start mounting(Path here, String there) throws IOException {
      Path point = image.root().resolve(there.substring(1));
      // As a container runtime makes the points that it mounts at.
      if (Files.isDirectory(here)) {
        Files.createDirectories(point);
      } else if (!Files.exists(point)) {
        Files.createDirectories(point.getParent());
        Files.createFile(point);
      }
      mounts.put(there, here);
      return this;
    }

    /**
     * @param log where stdout and stderr go, with .out and .err added
     */
    Running run(Path log, String... arguments) throws IOException {
      List<String> command = new ArrayList<>(List.of(INSIDE.toString(), image.root().toString()));
      mounts.forEach((there, here) -> command.addAll(List.of("--bind", here + ":" + there)));
      command.addAll(List.of("--user", image.user()));
      command.addAll(environment);
      command.addAll(image.entrypoint());
      command.addAll(List.of(arguments));
      Path out = log.resolveSibling(log.getFileName() + ".out");
      Path err = log.resolveSibling(log.getFileName() + ".err");
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      return new Running(process, out, err);
    }
  }

  static Start of(Image image) {
    return new Start(image);
  }

  /** Waits for its end. */
  int exitCode() throws InterruptedException, IOException {
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("it ends; " + err()).isTrue();
    return process.exitValue();
  }

  void requireAlive() throws IOException {
    assertThat(process.isAlive()).as("it runs; " + err()).isTrue();
  }

  long pid() {
    return process.pid();
  }

  /** What it has printed so far. */
  String out() throws IOException {
    return new String(Files.readAllBytes(out), StandardCharsets.UTF_8);
  }

  /** What it has logged so far. */
  String err() throws IOException {
    return new String(Files.readAllBytes(err), StandardCharsets.UTF_8);
  }

  /** SIGTERM, as the kubelet stops a container. */
  void terminate() {
    process.destroy();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
