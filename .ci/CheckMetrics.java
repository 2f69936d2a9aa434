import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Metrics, rules and dashboards against a real Prometheus that scrapes the demo's programs. Needs
 * prometheus and promtool on the PATH (Debian: apt-get install prometheus).
 */
public class CheckMetrics {

  private static final Path CHART = Path.of("charts/lamella");
  private static final Path WORK = Path.of("target/metrics");
  private static final Pattern METRIC = Pattern.compile("lamella_[a-z_]+");
  private static final Pattern ALERT = Pattern.compile("alert: (\\w+)");
  private static final long LIMIT_SECONDS = 120;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static final List<String> WRONG = new ArrayList<>();
  private static final List<Process> STARTED = new ArrayList<>();
  private static final List<Path> DATA = new ArrayList<>();

  public static void main(String[] args) throws Exception {
    Files.createDirectories(WORK);
    Runtime.getRuntime().addShutdownHook(new Thread(CheckMetrics::stop));
    rules();
    runbooks();
    Map<String, String> targets = demo();
    targets.forEach(CheckMetrics::lint);
    String prometheus = prometheus(targets);
    awaitScrapes(prometheus, targets.size());
    ruleHealth(prometheus);
    dashboards(prometheus);
    autoscaling(prometheus);
    stop();
    if (!WRONG.isEmpty()) {
      WRONG.forEach(wrong -> System.err.println("metrics: " + wrong));
      System.exit(1);
    }
  }

  private static void rules() throws Exception {
    run("promtool", "check", "rules", files(CHART.resolve("files/rules"), ".yaml"));
    run("promtool", "test", "rules", files(CHART.resolve("tests/rules"), ".yaml"));
  }

  /** Every alert has its runbook, and its link leads there. */
  private static void runbooks() throws IOException {
    String operate = Files.readString(Path.of("docs/operate.md"));
    int count = 0;
    for (String file : files(CHART.resolve("files/rules"), ".yaml")) {
      String text = Files.readString(Path.of(file));
      for (Matcher alert = ALERT.matcher(text); alert.find(); count++) {
        String name = alert.group(1);
        check(operate.contains("\n### " + name + "\n"), "docs/operate.md has no runbook " + name);
        check(
            text.contains("runbook_url: docs/operate.md#" + name.toLowerCase() + "\n"),
            name + " does not link to its runbook");
      }
    }
    System.out.println("runbooks: " + count + " alerts have theirs");
  }

  /** Starts the demo; answers the metrics addresses by job and node. */
  private static Map<String, String> demo() throws Exception {
    List<String> command = new ArrayList<>(List.of("bin/lamella", "demo", "--output", "json"));
    command.addAll(List.of("--nodes", ".ci/metrics/nodes.yaml"));
    for (String file : List.of("tenants", "beta", "alpha")) {
      command.addAll(List.of("-f", "docs/examples/reclaim/" + file + ".yaml"));
    }
    command.addAll(List.of("-f", ".ci/metrics/tenants.yaml", "-f", ".ci/metrics/research.yaml"));
    Process demo =
        new ProcessBuilder(command).redirectOutput(WORK.resolve("demo.json").toFile()).start();
    STARTED.add(demo);
    Map<String, String> targets = new TreeMap<>();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(demo.getErrorStream(), StandardCharsets.UTF_8));
    Pattern extender = Pattern.compile("\\s+scheduler extender\\s+http://(\\S+?)/?");
    Pattern node = Pattern.compile("\\s+metrics of (\\S+)\\s+http://(\\S+?)/metrics");
    // The last of what it says is the last node's address.
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      Matcher ofExtender = extender.matcher(line);
      Matcher ofNode = node.matcher(line);
      if (ofExtender.matches()) {
        targets.put("extender", ofExtender.group(1));
      } else if (ofNode.matches()) {
        targets.put("node " + ofNode.group(1), ofNode.group(2));
      }
      if (targets.size() == 3) {
        drain(said);
        return targets;
      }
    }
    throw new IOException("the demo ended with " + demo.waitFor() + " before it named its addresses");
  }

  private static void drain(BufferedReader reader) {
    Thread thread = new Thread(() -> reader.lines().forEach(line -> {}), "demo's log");
    thread.setDaemon(true);
    thread.start();
  }

  private static void lint(String name, String address) {
    try {
      Path text = WORK.resolve(name.replace(' ', '-') + ".txt");
      // The one label that is not spelled as Prometheus would have it is dcgm-exporter's.
      Files.writeString(
          text, get("http://" + address + "/metrics").replace("modelName=", "model_name="));
      Process lint =
          new ProcessBuilder("promtool", "check", "metrics")
              .redirectInput(text.toFile())
              .redirectErrorStream(true)
              .start();
      String said = new String(lint.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      check(lint.waitFor() == 0, "promtool check metrics of " + name + ": " + said.strip());
      System.out.println("promtool check metrics: " + name + (said.isBlank() ? " is fine" : ""));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(name, e);
    }
  }

  private static String prometheus(Map<String, String> targets) throws Exception {
    StringBuilder config = new StringBuilder();
    config.append("global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\n");
    config.append("rule_files:\n");
    for (String file : files(CHART.resolve("files/rules"), ".yaml")) {
      config.append("- ").append(Path.of(file).toAbsolutePath()).append('\n');
    }
    config.append("scrape_configs:\n- job_name: lamella\n  honor_labels: true\n");
    config.append("  static_configs:\n  - targets: [").append(String.join(", ", targets.values()));
    config.append("]\n");
    Path file = Files.writeString(WORK.resolve("prometheus.yaml"), config);
    run("promtool", "check", "config", List.of(file.toString()));
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path data = WORK.resolve("data-" + ProcessHandle.current().pid());
    DATA.add(data);
    STARTED.add(
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + file,
                "--storage.tsdb.path=" + data,
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(WORK.resolve("prometheus.log").toFile())
            .start());
    return "http://127.0.0.1:" + port;
  }

  /** Enough scrapes for rates, of all programs. */
  private static void awaitScrapes(String prometheus, int targets) throws Exception {
    String enough = "count(count_over_time(up[1m]) >= 15 and up == 1)";
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (System.nanoTime() < end) {
      try {
        JsonNode result = query(prometheus, enough);
        if (result.size() == 1 && result.at("/0/value/1").asInt() == targets) {
          JsonNode slowest = query(prometheus, "max(scrape_duration_seconds)");
          JsonNode series = query(prometheus, "sum(scrape_samples_scraped)");
          System.out.printf(
              "scraped %d programs, %s series in all, slowest scrape %.1f ms%n",
              targets,
              series.at("/0/value/1").asText(),
              slowest.at("/0/value/1").asDouble() * 1000);
          return;
        }
      } catch (IOException e) {
        // It is still starting.
      }
      Thread.sleep(500);
    }
    throw new IllegalStateException("Prometheus did not scrape all programs; see " + WORK);
  }

  private static void ruleHealth(String prometheus) throws Exception {
    int count = 0;
    for (JsonNode group : JSON.readTree(get(prometheus + "/api/v1/rules")).at("/data/groups")) {
      for (JsonNode rule : group.path("rules")) {
        count++;
        String health = rule.path("health").asText();
        check(health.equals("ok"), "rule " + rule.path("name").asText() + " is " + rule);
      }
    }
    check(count > 30, "only " + count + " rules are loaded");
    System.out.println("rules: " + count + " evaluated without error");
  }

  private static void dashboards(String prometheus) throws Exception {
    Map<String, String> empty = empty();
    for (String metric : empty.keySet()) {
      boolean none = query(prometheus, metric).isEmpty();
      check(none, metric + " has series: take it out of .ci/metrics/empty.txt");
    }
    for (String file : files(CHART.resolve("files/dashboards"), ".json")) {
      JsonNode dashboard = JSON.readTree(Path.of(file).toFile());
      int asked = 0;
      int nothing = 0;
      for (JsonNode panel : dashboard.path("panels")) {
        for (JsonNode target : panel.path("targets")) {
          asked++;
          nothing += answers(prometheus, file, panel, target, empty) ? 0 : 1;
        }
      }
      for (JsonNode variable : dashboard.at("/templating/list")) {
        if (variable.path("type").asText().equals("query")) {
          String label = variable.path("definition").asText();
          String metric = label.replaceAll("label_values\\((\\w+), \\w+\\)", "$1");
          check(!query(prometheus, metric).isEmpty(), file + ": no values for " + label);
        }
      }
      System.out.printf("%s: %d queries, %d legitimately empty%n", file, asked, nothing);
    }
  }

  /** What prometheus-adapter would ask for pods in a namespace, and for an external metric. */
  private static void autoscaling(String prometheus) throws Exception {
    Path file = Path.of("docs/examples/autoscaling/prometheus-adapter.values.yaml");
    JsonNode rules = new YAMLMapper().readTree(file.toFile()).path("rules");
    int asked = 0;
    for (String kind : List.of("custom", "external")) {
      for (JsonNode rule : rules.path(kind)) {
        String found = rule.path("seriesQuery").asText();
        boolean pods = kind.equals("custom");
        String filled =
            rule.path("metricsQuery")
                .asText()
                .replace("<<.Series>>", found.replaceAll("\\{.*", ""))
                .replace("<<.LabelMatchers>>", pods ? "namespace!=\"\",pod=~\".+\"" : "")
                .replace("<<.GroupBy>>", "pod");
        check(!query(prometheus, found).isEmpty(), file + ": nothing is found by " + found);
        check(!query(prometheus, filled).isEmpty(), file + ": nothing is answered to " + filled);
        asked++;
      }
    }
    System.out.printf("%s: %d rules have data%n", file, asked);
  }

  private static boolean answers(
      String prometheus, String file, JsonNode panel, JsonNode target, Map<String, String> empty)
      throws Exception {
    String asked = target.path("expr").asText();
    String filled =
        asked
            .replace("$__rate_interval", "1m")
            .replace("$__range", "1m")
            .replaceAll("\\$\\w+", ".*");
    String where = file + ", " + panel.path("title").asText() + ": " + asked;
    try {
      if (!query(prometheus, filled).isEmpty()) {
        return true;
      }
    } catch (IOException e) {
      check(false, where + ": " + e.getMessage());
      return false;
    }
    boolean allowed = false;
    for (Matcher metric = METRIC.matcher(asked); metric.find(); ) {
      allowed |= empty.containsKey(metric.group());
    }
    check(allowed, where + " returns nothing");
    return false;
  }

  private static Map<String, String> empty() throws IOException {
    Map<String, String> empty = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of(".ci/metrics/empty.txt"))) {
      if (!line.startsWith("#") && !line.isBlank()) {
        String[] parts = line.split("\\s+", 2);
        check(parts.length == 2, ".ci/metrics/empty.txt gives no reason for " + line);
        empty.put(parts[0], parts[parts.length - 1]);
      }
    }
    return empty;
  }

  private static JsonNode query(String prometheus, String text) throws Exception {
    String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8);
    JsonNode answer = JSON.readTree(get(prometheus + "/api/v1/query?query=" + encoded));
    if (!answer.path("status").asText().equals("success")) {
      throw new IOException(answer.path("error").asText());
    }
    return answer.at("/data/result");
  }

  private static String get(String uri) throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static List<String> files(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(Path::toString).filter(file -> file.endsWith(suffix)).sorted().toList();
    }
  }

  private static void run(String program, String verb, String noun, List<String> files)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(program, verb, noun));
    command.addAll(files);
    Process process;
    try {
      process = new ProcessBuilder(command).inheritIO().start();
    } catch (IOException e) {
      throw new IOException(program + " is needed on the PATH (Debian: apt-get install prometheus)", e);
    }
    check(process.waitFor() == 0, String.join(" ", command) + " failed");
  }

  private static void check(boolean right, String otherwise) {
    if (!right) {
      WRONG.add(otherwise);
    }
  }

  private static void stop() {
    STARTED.forEach(Process::destroy);
    for (Process process : STARTED) {
      try {
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
      }
    }
    DATA.forEach(CheckMetrics::delete);
    DATA.clear();
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      System.err.println("metrics: " + folder + " stays: " + e);
    }
  }
}
