package dev.lamella.e2e.browser;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code bin/lamella demo}, running, in a process of its own. */
final class RunningDemo implements AutoCloseable {

  private static final long START_SECONDS = 180;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final Path folder;
  private final Process process;

  private RunningDemo(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  /**
   * Starts it, and waits until it has settled.
   *
   * @param lib the programs' class path, as their build leaves it
   */
  static RunningDemo start(Path lib, String... flags) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                lib.resolve("*") + ":" + lib.getParent().resolve("classes"),
                "dev.lamella.simulator.demo.DemoMain"));
    command.addAll(List.of(flags));
    Path folder = Files.createTempDirectory("lamella-demo");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    RunningDemo demo = new RunningDemo(folder, process);
    try {
      demo.awaitRunning();
      return demo;
    } catch (IOException | InterruptedException | RuntimeException e) {
      demo.close();
      throw e;
    }
  }

  private void awaitRunning() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!said("metrics of ")) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException("the demo does not run:\n" + progress());
      }
      Thread.sleep(100);
    }
  }

  private boolean said(String text) throws IOException {
    return progress().contains(text);
  }

  private String progress() throws IOException {
    return Files.readString(folder.resolve("err"));
  }

  /** What it shows: pods and GPUs. */
  String shown() throws IOException {
    return Files.readString(folder.resolve("out"));
  }

  /** The address that it tells people to open. */
  URI map() throws IOException {
    return address("live map");
  }

  private URI address(String name) throws IOException {
    Matcher line = Pattern.compile(name + " +(http\\S+)").matcher(progress());
    if (!line.find()) {
      throw new IllegalStateException("it does not say its " + name + ":\n" + progress());
    }
    return URI.create(line.group(1));
  }

  /** Sends an object to its API server. */
  void create(String path, String json) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address("API server").resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    send(request);
  }

  /** Changes an object of its API server by a merge patch. */
  void patch(String path, String json) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address("API server").resolve(path))
            .header("Content-Type", "application/merge-patch+json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(json))
            .build();
    send(request);
  }

  private static void send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IllegalStateException(
          request.method() + " " + request.uri() + ": " + answer.statusCode() + answer.body());
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    } catch (IOException e) {
      // A folder in /tmp is left.
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
