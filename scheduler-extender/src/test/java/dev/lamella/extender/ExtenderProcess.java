package dev.lamella.extender;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program in a JVM of its own, in front of an API server with one node of two slices. */
final class ExtenderProcess implements AutoCloseable {

  private static final Pattern SERVING = Pattern.compile("serving at (\\S+)");
  private static final String NODE =
      """
      {"metadata":{"name":"a","resourceVersion":"5"},"status":{"allocatable":
       {"nvidia.com/mig-1g.5gb":"2","nvidia.com/mig-1g.5gb.shared":"8"}}}
      """;
  private static final String SLICE =
      """
      {"uuid":"MIG-%d","profile":"1g.5gb","computeSlices":1,"memoryMiB":4864,"start":%d,"size":1,
       "health":"Healthy","mode":"Free","sharesTotal":4,"holders":[]}
      """;
  private static final String GPU_NODE =
      """
      {"metadata":{"name":"a","resourceVersion":"6"},"spec":{"cordoned":[]},"status":{"serving":true,
       "driverVersion":"575","observedPodResourceVersion":"6","conditions":[],"gpus":[
       {"uuid":"GPU-a","model":"A100-SXM4-40GB","migEnabled":true,"slices":[%s,%s]}]}}
      """
          .formatted(SLICE.formatted(0, 0), SLICE.formatted(1, 1));

  final Process process;
  private final Path log;

  ExtenderProcess(Path dir, StandInApi api, String config, String... jvm) throws IOException {
    list(api, "/api/v1/nodes", NODE);
    list(api, "/apis/lamella.dev/v1alpha1/gpunodes", GPU_NODE);
    for (String empty :
        List.of(
            "/api/v1/namespaces",
            "/api/v1/pods",
            "/apis/policy/v1/poddisruptionbudgets",
            "/apis/lamella.dev/v1alpha1/tenants")) {
      list(api, empty);
    }
    log = dir.resolve("log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(jvm));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "--listen",
            "127.0.0.1:0",
            "--kubeconfig",
            api.kubeconfig(dir).toString(),
            "--config",
            Files.writeString(dir.resolve("config.yaml"), config).toString()));
    process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Await.until("it serves", () -> found().isPresent() || !process.isAlive());
  }

  private static void list(StandInApi api, String path, String... items) {
    String text = "{\"metadata\":{\"resourceVersion\":\"10\"},\"items\":[%s]}";
    api.on("GET " + path, 200, text.formatted(String.join(",", items)));
    api.on("WATCH " + path, 200, "");
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<String> found() {
    Matcher matcher = SERVING.matcher(log());
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  URI uri(String path) {
    return URI.create(found().orElseThrow(() -> new AssertionError(log()))).resolve(path);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
