package dev.lamella.extender.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.ledger.Event;
import dev.lamella.core.ledger.Phase;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.extender.Await;
import dev.lamella.extender.config.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that Go encoded from upstream's own types (src/test/go), answered byte for byte as Go
 * decodes them.
 */
class CompatibilityTest {

  private static final String UNMANAGED =
      "\"FailedNodes\":{},\"FailedAndUnresolvableNodes\":"
          + "{\"c\":\"node has no GPUs that Lamella manages\"},\"Error\":\"\"}";

  @TempDir Path dir;
  private final ObjectMapper mapper = new ObjectMapper();
  private final HttpClient client = HttpClient.newHttpClient();
  private TestService service;

  @BeforeEach
  void start() throws IOException {
    service = new TestService(dir, TestService.config(Limits.DEFAULTS));
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1.28", "v1.36"})
  void filterAnswersNamesWithNamesAndNullForNodes(String version) throws Exception {
    assertThat(post("/filter", recorded(version, "filter-names")))
        .isEqualTo("{\"Nodes\":null,\"NodeNames\":[\"a\",\"b\"]," + UNMANAGED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1.28", "v1.36"})
  void filterAnswersWholeNodesWithTheBytesThatCame(String version) throws Exception {
    String request = recorded(version, "filter-nodes");
    int from = request.indexOf("{\"metadata\":{\"name\":\"a\"");
    String node = request.substring(from, request.lastIndexOf("]}"));

    assertThat(post("/filter", request))
        .isEqualTo(
            "{\"Nodes\":{\"metadata\":{},\"items\":["
                + node
                + "]},\"NodeNames\":null,"
                + UNMANAGED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1.28", "v1.36"})
  void prioritizeAnswersABareListOfWholeNumbers(String version) throws Exception {
    String answer = "[{\"Host\":\"b\",\"Score\":10},{\"Host\":\"a\",\"Score\":4}]";

    assertThat(post("/prioritize", recorded(version, "filter-names"))).isEqualTo(answer);
    assertThat(post("/prioritize", recorded(version, "filter-nodes")))
        .isEqualTo("[{\"Host\":\"a\",\"Score\":10}]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1.28", "v1.36"})
  void bindAnswersAnEmptyError(String version) throws Exception {
    String request = recorded(version, "filter-names");
    service.api.on(
        "GET /api/v1/namespaces/team/pods/p",
        200,
        request.substring("{\"Pod\":".length(), request.indexOf(",\"Nodes\":null")));
    service.api.on("POST /api/v1/namespaces/team/pods/p/binding", 201, "{}");

    assertThat(post("/bind", recorded(version, "bind"))).isEqualTo("{\"Error\":\"\"}");
  }

  @ParameterizedTest
  @CsvSource({"v1.28,meta", "v1.28,whole", "v1.36,meta", "v1.36,whole"})
  void preemptKeepsTheNodesWhereThePodFitsOnceTheVictimsAreGone(String version, String form)
      throws Exception {
    holdWhole("v1", "MIG-a-0", "a");
    holdWhole("v2", "MIG-a-1", "a");

    assertThat(post("/preempt", recorded(version, "preempt-" + form)))
        .as("a once both are gone, b now, c never")
        .isEqualTo(
            "{\"NodeNameToMetaVictims\":{"
                + "\"a\":{\"Pods\":[{\"UID\":\"v1\"},{\"UID\":\"v2\"}],\"NumPDBViolations\":1},"
                + "\"b\":{\"Pods\":[],\"NumPDBViolations\":0}}}");
  }

  @Test
  void preemptDropsANodeThatStaysFull() throws Exception {
    holdWhole("stays", "MIG-b-0", "b");

    assertThat(post("/preempt", recorded("v1.36", "preempt-meta")))
        .contains("\"a\":")
        .doesNotContain("\"b\":");
  }

  @Test
  void preemptLeavesPodsThatAskForNoSlicesAlone() throws Exception {
    String request = recorded("v1.36", "preempt-meta").replace("nvidia.com/mig", "example.com/x");

    assertThat(mapper.readTree(post("/preempt", request)).get("NodeNameToMetaVictims"))
        .isEqualTo(mapper.readTree(request).get("NodeNameToMetaVictims"));
  }

  @Test
  void fieldNamesOfRequestsAreComparedAsGoComparesThem() throws Exception {
    String names = recorded("v1.36", "filter-names");
    String nodes = recorded("v1.36", "filter-nodes");
    String preempt = recorded("v1.36", "preempt-meta");
    String lower =
        preempt
            .replace("{\"Pod\":", "{\"pod\":")
            .replace("\"NodeNameToMetaVictims\"", "\"nodenametometavictims\"")
            .replace("\"Pods\"", "\"pODS\"")
            .replace("\"UID\"", "\"uid\"")
            .replace("\"NumPDBViolations\"", "\"numpdbviolations\"");

    assertThat(post("/filter", cased(names))).isEqualTo(post("/filter", names));
    assertThat(post("/filter", cased(nodes))).isEqualTo(post("/filter", nodes));
    assertThat(post("/preempt", lower)).isEqualTo(post("/preempt", preempt));
  }

  private static String cased(String request) {
    return request
        .replace("{\"Pod\":", "{\"pod\":")
        .replace("\"Nodes\":", "\"nodes\":")
        .replace("\"NodeNames\":", "\"nodeNames\":");
  }

  @Test
  void unknownFieldsAreIgnoredWhateverTheyHold() throws Exception {
    String request = recorded("v1.36", "filter-names");
    String more = "{\"Future\":{\"Pod\":[1,{\"NodeNames\":null}],\"é\":\"\\u0000\"},";

    assertThat(post("/filter", more + request.substring(1))).isEqualTo(post("/filter", request));
  }

  @Test
  void theLastOfTwoEqualFieldsCountsAsInGo() throws Exception {
    String request = recorded("v1.36", "filter-names");
    String twice = request.replace("\"NodeNames\":", "\"NodeNames\":[\"x\"],\"NodeNames\":");

    assertThat(post("/filter", twice)).isEqualTo(post("/filter", request));
  }

  @Test
  void namesBeyondAsciiComeBackAsTheyWent() throws Exception {
    ObjectNode request = (ObjectNode) mapper.readTree(recorded("v1.36", "filter-names"));
    request.set("NodeNames", mapper.createArrayNode().add("knoten-ä-節").add("a"));

    JsonNode answer = mapper.readTree(post("/filter", mapper.writeValueAsString(request)));

    assertThat(answer.get("NodeNames").get(0).asText()).isEqualTo("a");
    assertThat(answer.get("FailedAndUnresolvableNodes").has("knoten-ä-節")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/filter     | {\"NodeNames\":[\"a\"]}             | Pod is needed",
        "/filter     | {\"Pod\":null,\"NodeNames\":[]}     | Pod is needed",
        "/filter     | {\"Pod\":3}                         | Pod is not an object",
        "/filter     | {\"Pod\":{},\"NodeNames\":[]}       | Pod.metadata.uid, .namespace, .name and Pod.spec are",
        "/filter     | []                                  | the body is not an object",
        "/filter     | {} {}                               | something follows",
        "/filter     | {\"NodeNames\":{}}                  | NodeNames is not a list",
        "/filter     | {\"NodeNames\":[1]}                 | NodeNames[0] is not a string",
        "/filter     | {\"Nodes\":{\"items\":[{}]}}        | Nodes.items[0].metadata.name is needed",
        "/prioritize | {}                                  | Pod is needed",
        "/bind       | {\"Node\":\"a\"}                    | PodName, PodNamespace, PodUID and Node are",
        "/bind       | {\"Node\":[]}                       | Node is not a string",
        "/preempt    | {\"NodeNameToMetaVictims\":{}}      | Pod is needed",
        "/preempt    | {\"NodeNameToMetaVictims\":{\"a\":{\"Pods\":[{}]}}} | Pods[].UID is needed",
        "/preempt    | {\"NodeNameToVictims\":{\"a\":{\"Pods\":[{}]}}} | Pods[].metadata.uid is needed",
      })
  void whatIsMissingOrWrongIsNamed(String path, String body, String reason) throws Exception {
    HttpResponse<String> answer = service.post(client, path, body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).startsWith(path + ": ").contains(reason).hasLineCount(1);
  }

  @Test
  void missingVictimsAreNamed() throws Exception {
    ObjectNode request = (ObjectNode) mapper.readTree(recorded("v1.36", "preempt-meta"));
    request.putNull("NodeNameToMetaVictims");

    assertThat(service.post(client, "/preempt", request.toString()).body())
        .isEqualTo("/preempt: NodeNameToVictims or NodeNameToMetaVictims is needed\n");
  }

  private void holdWhole(String uid, String slice, String node) {
    ResourceName resource = ResourceName.whole("1g.5gb");
    PodFact pod =
        new PodFact(
            new PodRef(uid, "team", uid),
            5,
            Optional.of(node),
            Phase.RUNNING,
            0,
            PodNeeds.of(resource, 1),
            Optional.of(new Assignment(5, List.of(Held.whole(resource, List.of(slice))))),
            PodFact.Traits.ORDINARY);
    service.see(List.of(new Event.PodSeen(pod)));
    Await.until(
        uid + " is seen",
        () ->
            service.owner.snapshot().node(node).orElseThrow().charges().stream()
                .anyMatch(charge -> charge.pod().uid().equals(uid)));
  }

  private String post(String path, String body) throws Exception {
    HttpResponse<String> answer = service.post(client, path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.headers().firstValueAsLong("Content-Length"))
        .hasValue(answer.body().getBytes(StandardCharsets.UTF_8).length);
    return answer.body();
  }

  private static String recorded(String version, String name) throws IOException {
    String path = "requests/" + version + "/" + name + ".json";
    try (InputStream in = CompatibilityTest.class.getResourceAsStream(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
