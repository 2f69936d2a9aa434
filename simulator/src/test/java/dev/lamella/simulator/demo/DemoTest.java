package dev.lamella.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command as a user runs it, in this process. */
class DemoTest {

  @TempDir private Path folder;

  /** What a run left: its exit code and what it wrote. */
  private record Run(int code, String out, String err) {
    JsonNode json() throws IOException {
      return JsonMapper.builder().build().readTree(out);
    }
  }

  private static Run run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code;
    try (Closing closing = new Closing()) {
      code = new DemoCommand(stream(out), stream(err), closing).run(args);
    }
    return new Run(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void twoTeamsShareTheGpusAndOnePodIsBeyondTheQuota() throws IOException {
    Run run = run("--once", "--output", "json");
    assertThat(run.code()).as(run.err()).isZero();
    JsonNode report = run.json();
    List<String> alpha = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    Map<String, Integer> sharesOfBeta = new HashMap<>();
    for (JsonNode pod : report.path("pods")) {
      JsonNode slice = pod.at("/assignments/0/slices/0");
      if (pod.path("phase").asText().equals("Pending")) {
        refused.add(pod.path("reason").asText());
      } else if (pod.path("namespace").asText().equals("team-alpha")) {
        assertThat(pod.at("/assignments/0/mode").asText()).isEqualTo("Whole");
        alpha.add(slice.asText());
      } else {
        assertThat(pod.at("/assignments/0/mode").asText()).isEqualTo("Shared");
        sharesOfBeta.merge(slice.asText(), 1, Integer::sum);
      }
    }

    assertThat(alpha).hasSize(5).doesNotHaveDuplicates();
    assertThat(sharesOfBeta.values()).containsExactlyInAnyOrder(4, 2);
    assertThat(sharesOfBeta).doesNotContainKeys(alpha.toArray(String[]::new));
    assertThat(refused).singleElement().asString().contains("quota limit of 5 compute slices");
    assertHeld(report, new HashSet<>(alpha), sharesOfBeta);
  }

  private static void assertHeld(JsonNode report, Set<String> whole, Map<String, Integer> shares) {
    for (JsonNode slice :
        report.findValues("slices").stream().flatMap(DemoTest::objects).toList()) {
      String uuid = slice.path("uuid").asText();
      String mode = whole.contains(uuid) ? "Whole" : shares.containsKey(uuid) ? "Shared" : "Free";
      assertThat(slice.path("mode").asText()).as(uuid).isEqualTo(mode);
      assertThat(slice.path("sharesUsed").asInt()).as(uuid).isEqualTo(shares.getOrDefault(uuid, 0));
    }
  }

  private static java.util.stream.Stream<JsonNode> objects(JsonNode array) {
    List<JsonNode> objects = new ArrayList<>();
    array.forEach(objects::add);
    return objects.stream().filter(JsonNode::isObject);
  }

  @Test
  void alphaTakesBackWhatItWasPromised() throws IOException {
    Path example = Path.of("..", "docs", "examples", "reclaim");
    Run run =
        run(
            "--once",
            "--output",
            "json",
            "--nodes",
            example.resolve("nodes.yaml").toString(),
            "-f",
            example.resolve("tenants.yaml").toString(),
            "-f",
            example.resolve("beta.yaml").toString(),
            "-f",
            example.resolve("alpha.yaml").toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("settled: 12 running").contains("settled: 8 pending, 6 running");
    List<String> running = new ArrayList<>();
    for (JsonNode pod : run.json().path("pods")) {
      if (pod.path("phase").asText().equals("Running")) {
        running.add(pod.path("namespace").asText() + " " + pod.at("/assignments/0/mode").asText());
      }
    }
    assertThat(running)
        .containsExactlyInAnyOrder(
            "team-alpha Whole",
            "team-alpha Whole",
            "team-beta Shared",
            "team-beta Shared",
            "team-beta Shared",
            "team-beta Shared");
  }

  @Test
  void ownLayoutsAndPlainPodsAreShown() throws IOException {
    String nodes =
        file(
            "nodes.yaml",
            """
            nodes:
            - name: a30
              gpus: [{model: A30, slices: [1g.6gb@0, 1g.6gb@1, 2g.12gb@2]}]
            - name: h100
              gpus:
              - {model: H100-80GB, slices: [3g.40gb@0, 3g.40gb@4]}
              - {model: H100-80GB}
            """);
    String pods =
        file(
            "pods.yaml",
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: two-containers}
            spec:
              containers:
              - {name: a, image: i, resources: {limits: {nvidia.com/mig-1g.6gb: 1}}}
              - {name: b, image: i, resources: {limits: {nvidia.com/mig-1g.6gb: 1}}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: with-init}
            spec:
              initContainers:
              - {name: init, image: i, resources: {limits: {nvidia.com/mig-3g.40gb: 1}}}
              containers:
              - {name: main, image: i, resources: {limits: {nvidia.com/mig-3g.40gb: 1}}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: impossible}
            spec:
              containers:
              - {name: main, image: i, resources: {limits: {nvidia.com/mig-1g.6gb: 3}}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: whole-gpu}
            spec:
              containers:
              - {name: main, image: i, resources: {limits: {nvidia.com/gpu: 1}}}
            """);
    Run run = run("--nodes", nodes, "-f", pods, "--once", "--output", "json");
    assertThat(run.code()).as(run.err()).isZero();
    Map<String, JsonNode> byName = new HashMap<>();
    run.json().path("pods").forEach(pod -> byName.put(pod.path("name").asText(), pod));

    JsonNode two = byName.get("two-containers").path("assignments");
    assertThat(two).hasSize(2);
    assertThat(two.findValuesAsText("container")).containsExactlyInAnyOrder("a", "b");
    assertThat(two.at("/0/slices/0")).isNotEqualTo(two.at("/1/slices/0"));
    assertThat(byName.get("with-init").path("phase").asText()).isEqualTo("Running");
    assertThat(byName.get("with-init").at("/assignments/0/profile").asText()).isEqualTo("3g.40gb");
    assertThat(byName.get("impossible").path("phase").asText()).isEqualTo("Pending");
    assertThat(byName.get("impossible").path("reason").asText())
        .contains("0/2 nodes are available");
    assertThat(byName.get("whole-gpu").at("/assignments/0/slices"))
        .isEqualTo(byName.get("whole-gpu").at("/assignments/0/gpus"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "--speed 9                | demo: Unknown options: '--speed', '9'; see demo --help",
        "--output xml             | demo: Invalid value for option '--output': expected one of",
        "--nodes /no/such.yaml    | demo: /no/such.yaml: no such file",
        "-f /no/such.yaml         | demo: /no/such.yaml: no such file",
        "--once -f                | demo: Missing required parameter for option '-f'",
      })
  void wrongInputIsOneLineAndCode2(String args, String says) {
    Run run = run(args.split(" "));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith(says).hasLineCount(1);
    assertThat(run.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"1g.5gb@9 | 1g.5gb@9", "9g.5gb@0 | 9g.5gb", "3g.20gb@1 | 3g.20gb@1"})
  void anIllegalLayoutIsWrongInput(String slice, String says) throws IOException {
    String nodes =
        file(
            "bad.yaml",
            "nodes: [{name: n, gpus: [{model: A100-SXM4-40GB, slices: [%s]}]}]".formatted(slice));
    Run run = run("--nodes", nodes, "--once");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(nodes, says).hasLineCount(1);
  }

  @Test
  void helpIsAResult() {
    Run run = run("--help");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("--nodes", "--once", "--output");
  }
}
