package dev.lamella.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lamella.extender.inspect.Inspect;
import dev.lamella.extender.inspect.Terminal;
import dev.lamella.simulator.apiserver.ApiServerOptions;
import dev.lamella.simulator.apiserver.Fault;
import dev.lamella.simulator.apiserver.Faults;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a user runs it, against one embedded cluster. */
class InspectTest {

  private static final String LAYOUT =
      """
      nodes:
      - name: gpu-a
        gpus:
        - {model: A100-SXM4-40GB, slices: [1g.5gb@0, 1g.5gb@1, 1g.5gb@2, 3g.20gb@4]}
        - {model: A100-SXM4-40GB, slices: []}
      """;

  private static final String TENANTS =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: team-alpha}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: team-beta}
      ---
      apiVersion: lamella.dev/v1alpha1
      kind: Tenant
      metadata: {name: alpha}
      spec:
        namespaces: [team-alpha]
        class: LatencyCritical
        priority: 1000
        quota: {guaranteed: {computeSlices: "1"}, limit: {computeSlices: "2"}}
      ---
      apiVersion: lamella.dev/v1alpha1
      kind: Tenant
      metadata: {name: beta}
      spec: {namespaces: [team-beta], class: BestEffort}
      """;

  private static final Set<String> FORBIDDEN = ConcurrentHashMap.newKeySet();

  /** Only the command is forbidden anything: the programs have rights of their own. */
  private static final Faults RIGHTS =
      new Faults() {
        @Override
        public Fault before(Call call) {
          boolean no = FORBIDDEN.stream().anyMatch(call.path()::equals);
          return call.userAgent().equals("lamella-inspect") && no ? Fault.fail(403) : Fault.NONE;
        }
      };

  @TempDir private static Path folder;
  private static final Closing CLOSING = new Closing();
  private static EmbeddedCluster cluster;

  private record Run(int code, String out, String err) {
    JsonNode json() throws IOException {
      return JsonMapper.builder().build().readTree(out);
    }
  }

  @BeforeAll
  static void start() throws Exception {
    List<Path> files = new ArrayList<>();
    files.add(Files.writeString(folder.resolve("0.yaml"), TENANTS));
    files.add(pod("team-alpha", "serve-1", "mig-1g.5gb", 1));
    files.add(pod("team-alpha", "serve-2", "mig-1g.5gb", 1));
    files.add(pod("team-alpha", "serve-3", "mig-1g.5gb", 1));
    files.add(pod("team-beta", "batch-1", "mig-1g.5gb.shared", 2));
    Path layout = Files.writeString(folder.resolve("layout.yaml"), LAYOUT);
    Demo demo =
        Demo.run(
            layout,
            files,
            CLOSING.add(DemoFolder.create()).path(),
            ApiServerOptions.defaults().withFaults(RIGHTS),
            step -> {},
            CLOSING);
    assertThat(demo.look().contradictions()).isEmpty();
    cluster = demo.cluster();
  }

  private static Path pod(String namespace, String name, String resource, int count)
      throws IOException {
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        apiVersion: v1
        kind: Pod
        metadata: {namespace: %s, name: %s}
        spec: {containers: [{name: c, image: i, resources: {limits: {nvidia.com/%s: %d}}}]}
        """
            .formatted(namespace, name, resource, count));
  }

  @AfterAll
  static void stop() {
    CLOSING.close();
  }

  @AfterEach
  void allowAll() {
    FORBIDDEN.clear();
  }

  private static Run run(String... args) {
    return run(new ByteArrayInputStream(new byte[0]), args);
  }

  private static Run run(java.io.InputStream in, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Map<String, String> environment =
        Map.of(
            "KUBECONFIG",
            cluster.kubeconfig().toString(),
            "LAMELLA_EXTENDER",
            cluster.extender().toString());
    int code = Inspect.run(new Terminal(in, stream(out), stream(err), environment), args);
    return new Run(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  @Test
  void slices() {
    assertThat(run("slices"))
        .isEqualTo(
            new Run(
                0,
                """
                NODE   SLICE            HEALTH   USE         HOLDERS
                gpu-a  GPU 0 1g.5gb@0   Healthy  whole       team-alpha/serve-1
                gpu-a  GPU 0 1g.5gb@1   Healthy  whole       team-alpha/serve-2
                gpu-a  GPU 0 1g.5gb@2   Healthy  shared 2/4  team-beta/batch-1 x2
                gpu-a  GPU 0 3g.20gb@4  Healthy  free        -
                """,
                ""));
  }

  @Test
  void tenants() {
    assertThat(run("tenants").out())
        .isEqualTo(
            """
            TENANT  CLASS            PRIORITY  USED  GUARANTEED  LIMIT  BORROWED  PODS  WAITING
            alpha   LatencyCritical  1000      2     1           2      1         2     1
            beta    BestEffort       0         0.5   -           -      0.5       1     0
            """);
  }

  @Test
  void podsOfOneNamespaceAndOfAll() {
    assertThat(run("pods", "-A").out())
        .isEqualTo(
            """
            NAMESPACE   POD      TENANT  PHASE    NODE   SLICES
            team-alpha  serve-1  alpha   Running  gpu-a  GPU 0 1g.5gb@0
            team-alpha  serve-2  alpha   Running  gpu-a  GPU 0 1g.5gb@1
            team-alpha  serve-3  alpha   Pending  -      1 mig-1g.5gb: 0/1 nodes are available: 1 tenant alpha
                                                         would exceed its quota limit of 2 compute slices.
            team-beta   batch-1  beta    Running  gpu-a  GPU 0 1g.5gb@2, 2/4
            """);
    assertThat(run("pods", "-n", "team-beta").out().lines()).hasSize(2);
    assertThat(run("pods").out().lines()).as("of the context's namespace").hasSize(1);
    assertThat(run("pods").err())
        .isEqualTo("lamella: no pod in namespace default asks for slices; -A looks at all\n");
  }

  @Test
  void map() {
    assertThat(run("map").out().lines().filter(line -> !line.startsWith("gpu-a")))
        .containsExactly(
            "+------------+------------+------------+------------+--------------------------------------+",
            "|1g.5gb      |1g.5gb      |1g.5gb      |            |3g.20gb                               |",
            "|whole       |whole       |shared 2/4  |-           |free                                  |",
            "|serve-1     |serve-2     |batch-1     |            |                                      |",
            "+------------+------------+------------+------------+--------------------------------------+",
            "",
            "+------------+------------+------------+------------+------------+------------+------------+",
            "|            |            |            |            |            |            |            |",
            "|-           |-           |-           |-           |-           |-           |-           |",
            "|            |            |            |            |            |            |            |",
            "+------------+------------+------------+------------+------------+------------+------------+");
  }

  @Test
  void whyAsksTheExtender() throws IOException {
    Run text = run("why", "team-alpha/serve-3");
    Run json = run("why", "serve-3", "-n", "team-alpha", "-o", "json");
    Run yaml = run("why", "serve-1", "-n", "team-alpha", "-o", "yaml");

    assertThat(text.out())
        .startsWith(
            "team-alpha/serve-3: waiting: tenant alpha would exceed its quota limit of 2 compute slices\n")
        .contains(
            "1 node: tenant alpha would exceed its quota limit of 2 compute slices [TENANT_LIMIT]\n");
    assertThat(json.json().at("/quota/rule").asText()).isEqualTo("TENANT_LIMIT");
    assertThat(YAMLMapper.builder().build().readTree(yaml.out()).at("/assignment/0/start").asInt(9))
        .isZero();
    assertThat(run("why", "nobody").code()).isEqualTo(1);
  }

  @Test
  void withoutTheExtenderWhySaysWhatTheApiServerSays() {
    Run run = run("why", "team-alpha/serve-3", "--extender", "http://127.0.0.1:1");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("the extender at http://127.0.0.1:1/ does not answer");
    assertThat(run.out())
        .startsWith(
            "team-alpha/serve-3: Pending; what the API server says: 0/1 nodes are available");
  }

  @Test
  void jsonAndYamlSayTheSame() throws IOException {
    for (String what : List.of("slices", "map", "tenants")) {
      JsonNode yaml = YAMLMapper.builder().build().readTree(run(what, "-o", "yaml").out());
      JsonNode json = run(what, "-o", "json").json();
      assertThat(yaml.size()).as(what).isEqualTo(json.size()).isPositive();
      assertThat(yaml.at("/0").fieldNames())
          .toIterable()
          .containsExactlyElementsOf(() -> json.at("/0").fieldNames());
    }
    assertThat(run("slices", "-o", "json").json().at("/2/holders").toString())
        .isEqualTo(
            "[{\"tenant\":\"beta\",\"namespace\":\"team-beta\",\"name\":\"batch-1\",\"shares\":2}]");
    assertThat(run("slices", "-o", "wide").out()).contains(" MIG-");
  }

  @Test
  void aMissingRightIsNamedAndTheRestIsShown() {
    FORBIDDEN.add("/apis/lamella.dev/v1alpha1/gpunodes");
    FORBIDDEN.add("/api/v1/pods");

    Run slices = run("slices");
    Run all = run("pods", "-A");
    Run own = run("pods", "-n", "team-beta");

    assertThat(slices.code()).isEqualTo(1);
    assertThat(slices.err())
        .isEqualTo(
            "lamella: you may not list gpunodes.lamella.dev, which say who holds which slice\n");
    assertThat(all.code()).isEqualTo(1);
    assertThat(all.err()).contains("you may not list pods in all namespaces");
    assertThat(own.code()).isZero();
    assertThat(own.err()).contains("you may not list gpunodes.lamella.dev");
    assertThat(own.out())
        .contains("team-beta  batch-1  beta    Running  gpu-a  2 mig-1g.5gb.shared of");
  }

  @Test
  void withoutTenantsTheirColumnIsEmpty() {
    FORBIDDEN.add("/apis/lamella.dev/v1alpha1/tenants");

    Run run = run("pods", "-n", "team-beta");

    assertThat(run.err())
        .isEqualTo(
            "lamella: you may not list tenants.lamella.dev, which say who may use how much:"
                + " tenants are not shown\n");
    assertThat(run.out()).contains("batch-1  -       Running");
    assertThat(run("tenants").code()).isEqualTo(1);
  }

  @Test
  void topDrawsUntilQIsPressed() throws IOException {
    try (PipedOutputStream keys = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(keys)) {
      keys.write('q');

      Run run = run(in, "top", "--interval", "3600");

      assertThat(run.code()).isZero();
      assertThat(run.out())
          .contains("alpha   LatencyCritical  1000", "1g.5gb   3       2      1", "serve-3");
    }
    assertThat(run("top", "--count", "1").code()).isZero();
    FORBIDDEN.add("/apis/lamella.dev/v1alpha1/gpunodes");
    assertThat(run("top", "--count", "1").out())
        .contains("you may not list gpunodes.lamella.dev", "alpha   LatencyCritical");
  }

  @Test
  void noTableIsWiderThan100() {
    for (String[] args :
        List.of(
            new String[] {"slices"},
            new String[] {"tenants"},
            new String[] {"pods", "-A"},
            new String[] {"map"},
            new String[] {"why", "team-alpha/serve-3", "--all"},
            new String[] {"--help"},
            new String[] {"pods", "--help"})) {
      assertThat(run(args).out().lines()).allSatisfy(l -> assertThat(l).hasSizeLessThan(101));
    }
  }

  @Test
  void wrongInputIsExitCode2() {
    assertThat(run().code()).isEqualTo(2);
    assertThat(run("slicse").err())
        .isEqualTo("lamella: Unmatched argument at index 0: 'slicse'; did you mean slices?\n");
    assertThat(run("slices", "-o", "xml").code()).isEqualTo(2);
    assertThat(run("slices", "--context", "embeded").err()).contains("did you mean embedded?");
    assertThat(run("slices", "--kubeconfig", folder.resolve("none").toString()).code())
        .isEqualTo(2);
    assertThat(run("why", "a/b/c").err())
        .isEqualTo("lamella: POD is a/b/c, expected NAME or NAMESPACE/NAME\n");
    assertThat(run("why", "p", "--extender", "nowhere").code()).isEqualTo(2);
  }

  @Test
  void completionNamesCommandsAndFlags() {
    assertThat(run("completion", "bash").out())
        .contains("complete -F _complete_lamella", "slices", "--all-namespaces");
    assertThat(run("completion", "fish").code()).isEqualTo(2);
  }
}
