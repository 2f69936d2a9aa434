package dev.lamella.e2e.browser;

import com.fasterxml.jackson.databind.json.JsonMapper;
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
import java.util.stream.Stream;

/** A headless browser with a profile of its own and one page. */
final class Chromium implements AutoCloseable {

  private static final long START_MILLIS = 60_000;

  /** Without the ones on networking it looks for its makers' servers at every start. */
  private static final List<String> FLAGS =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--disable-dev-shm-usage",
          "--hide-scrollbars",
          "--force-color-profile=srgb",
          "--remote-debugging-port=0");

  private final Path profile;
  private final Process process;

  private Chromium(Path profile, Process process) {
    this.profile = profile;
    this.process = process;
  }

  /**
   * Starts it.
   *
   * @throws IllegalStateException if there is none, naming the package
   */
  static Chromium start() throws IOException, InterruptedException {
    Path program = Path.of(System.getProperty("lamella.chromium", "/usr/bin/chromium"));
    if (!Files.isExecutable(program)) {
      throw new IllegalStateException(
          program + " is missing: apt-get install chromium, or -Dlamella.chromium=PROGRAM");
    }
    Path profile = Files.createTempDirectory("lamella-chromium");
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(FLAGS);
    command.add("--user-data-dir=" + profile);
    command.add("about:blank");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("log").toFile())
            .start();
    Chromium started = new Chromium(profile, process);
    try {
      started.awaitPort();
      return started;
    } catch (IOException | InterruptedException | RuntimeException e) {
      started.close();
      throw e;
    }
  }

  private Path port() {
    return profile.resolve("DevToolsActivePort");
  }

  private void awaitPort() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
    while (!Files.exists(port()) || Files.readAllLines(port()).size() < 2) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException(
            "chromium did not start:\n" + Files.readString(profile.resolve("log")));
      }
      Thread.sleep(50);
    }
  }

  /** The DevTools address of its page. */
  URI page() throws IOException, InterruptedException {
    URI targets =
        URI.create("http://127.0.0.1:" + Files.readAllLines(port()).get(0) + "/json/list");
    String list =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(targets).build(), HttpResponse.BodyHandlers.ofString())
            .body();
    return JsonMapper.builder().build().readTree(list).findParents("webSocketDebuggerUrl").stream()
        .filter(target -> target.path("type").asText().equals("page"))
        .map(target -> URI.create(target.path("webSocketDebuggerUrl").asText()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("chromium has no page"));
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
      try (Stream<Path> files = Files.walk(profile)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    } catch (IOException e) {
      // A folder in /tmp is left.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
