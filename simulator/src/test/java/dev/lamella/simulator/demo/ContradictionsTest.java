package dev.lamella.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContradictionsTest {

  private static final ResourceName SHARED = ResourceName.shared("1g.5gb");
  private static final YAMLMapper YAML = new YAMLMapper();

  private final Map<String, KubeletDevices> kubelets =
      Map.of(
          "n",
          new KubeletDevices(
              Map.of(
                  "ns/p",
                  List.of(
                      new KubeletDevices.Given(
                          "c",
                          SHARED.text(),
                          List.of(DeviceId.share("MIG-1", 2), DeviceId.share("MIG-1", 0)))))));

  @Test
  void threeThatAgreeAreLeftAlone() throws JsonProcessingException {
    JsonNode pods = pods(Held.shares(SHARED, "MIG-1", 2));
    Report report =
        ReportReader.read(
            pods, gpuNodes("Shared", "{namespace: ns, name: p, shares: 2}"), kubelets);

    assertThat(Contradictions.find(pods, report, kubelets, true)).isEmpty();
    assertThat(report.pods().get(0).assignments())
        .containsExactly(
            new Report.Assignment(
                "c", SHARED.text(), "Shared", "1g.5gb", List.of("MIG-1"), List.of("GPU-1"), 2));
    assertThat(report.nodes().get(0).gpus().get(0).slices().get(0).sharesUsed()).isEqualTo(2);
  }

  @Test
  void anotherSliceThanAssignedIsSaid() throws JsonProcessingException {
    JsonNode pods = pods(Held.shares(SHARED, "MIG-2", 2));
    Report report =
        ReportReader.read(
            pods, gpuNodes("Shared", "{namespace: ns, name: p, shares: 2}"), kubelets);

    assertThat(Contradictions.find(pods, report, kubelets, true))
        .containsExactly(
            "node n, nvidia.com/mig-1g.5gb.shared, pods [ns/p]: assigned [MIG-2, MIG-2], but the"
                + " kubelet handed out [MIG-1, MIG-1]");
  }

  @Test
  void onceAPodHasLeftOnlyKubeletsAndReportsAreCompared() throws JsonProcessingException {
    JsonNode pods = pods(Held.shares(SHARED, "MIG-2", 2));
    Report report =
        ReportReader.read(
            pods, gpuNodes("Shared", "{namespace: ns, name: p, shares: 2}"), kubelets);

    assertThat(Contradictions.find(pods, report, kubelets, false)).isEmpty();
  }

  @Test
  void podsOfOneShapeMayHaveEachOthersSlices() throws JsonProcessingException {
    ArrayNode pods = JsonNodeFactory.instance.arrayNode();
    pods.add(pod("p", Held.shares(SHARED, "MIG-2", 1)));
    pods.add(pod("q", Held.shares(SHARED, "MIG-1", 1)));
    Map<String, KubeletDevices> swapped =
        Map.of(
            "n",
            new KubeletDevices(
                Map.of(
                    "ns/p",
                    List.of(given(DeviceId.share("MIG-1", 0))),
                    "ns/q",
                    List.of(given(DeviceId.share("MIG-2", 0))))));
    Report report = new Report(List.of(), List.of());

    assertThat(Contradictions.find(pods, report, swapped, true)).isEmpty();
  }

  private static KubeletDevices.Given given(DeviceId... devices) {
    return new KubeletDevices.Given("c", SHARED.text(), List.of(devices));
  }

  @Test
  void aReportOfAnotherHolderIsSaid() throws JsonProcessingException {
    JsonNode pods = pods(Held.shares(SHARED, "MIG-1", 2));
    Report report = ReportReader.read(pods, gpuNodes("Free", ""), kubelets);

    assertThat(Contradictions.find(pods, report, kubelets, true))
        .containsExactly("node n reports slice MIG-1 as Free, held by []; its kubelet says [ns/p]");
  }

  private static JsonNode pods(Held held) {
    return JsonNodeFactory.instance.arrayNode().add(pod("p", held));
  }

  private static ObjectNode pod(String name, Held held) {
    ObjectNode pod = JsonNodeFactory.instance.objectNode();
    ObjectNode metadata = pod.putObject("metadata").put("namespace", "ns").put("name", name);
    metadata
        .putObject("annotations")
        .put("lamella.dev/assignment", new Assignment(1, List.of(held)).text());
    pod.putObject("spec").put("nodeName", "n");
    pod.putObject("status").put("phase", "Running");
    return pod;
  }

  private static JsonNode gpuNodes(String mode, String holder) throws JsonProcessingException {
    return YAML.readTree(
        """
        - metadata: {name: n}
          status:
            serving: true
            gpus:
            - uuid: GPU-1
              model: NVIDIA A100-SXM4-40GB
              migEnabled: true
              slices:
              - {uuid: MIG-1, profile: 1g.5gb, start: 0, size: 1, sharesTotal: 4, mode: %s,
                 holders: [%s]}
        """
            .formatted(mode, holder));
  }
}
