package dev.lamella.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The two forms of the result, on fixed values. */
class OutputTest {

  private static final Report REPORT =
      new Report(
          List.of(
              new Report.Pod(
                  "team-alpha",
                  "alpha-model-serving-6d4cf56db6-x7k2p",
                  "Running",
                  "gpu-a",
                  null,
                  List.of(
                      new Report.Assignment(
                          "server",
                          "nvidia.com/mig-1g.5gb",
                          "Whole",
                          "1g.5gb",
                          List.of("MIG-1"),
                          List.of("GPU-1"),
                          1))),
              new Report.Pod(
                  "team-alpha",
                  "alpha-model-serving-6d4cf56db6-zzzzz",
                  "Pending",
                  null,
                  "0/2 nodes are available: 2 the tenant's limit of 5 compute slices is reached.",
                  List.of()),
              new Report.Pod(
                  "team-beta",
                  "beta-1",
                  "Running",
                  "gpu-a",
                  null,
                  List.of(
                      new Report.Assignment(
                          "scorer",
                          "nvidia.com/mig-1g.5gb.shared",
                          "Shared",
                          "1g.5gb",
                          List.of("MIG-2"),
                          List.of("GPU-1"),
                          1)))),
          List.of(
              new Report.Node(
                  "gpu-a",
                  List.of(
                      new Report.Gpu(
                          "GPU-1",
                          "NVIDIA A100-SXM4-40GB",
                          List.of(
                              slice(
                                  "MIG-1",
                                  "1g.5gb",
                                  0,
                                  "Whole",
                                  0,
                                  1,
                                  "alpha-model-serving-6d4cf56db6-x7k2p"),
                              slice("MIG-2", "1g.5gb", 2, "Shared", 2, 1, "beta-1", "beta-2"),
                              slice("MIG-3", "3g.20gb", 4, "Free", 0, 4))),
                      new Report.Gpu(
                          "GPU-2",
                          "NVIDIA A30",
                          List.of(slice("MIG-4", "2g.12gb", 2, "Free", 0, 2)))))));

  private static Report.Slice slice(
      String uuid, String profile, int start, String mode, int used, int size, String... holders) {
    List<Report.Holder> held =
        List.of(holders).stream().map(name -> new Report.Holder("ns", name)).toList();
    return new Report.Slice(uuid, profile, start, mode, used, 4, held, size);
  }

  @Test
  void theTableShowsPodsAndDrawsGpus() {
    assertThat(TableOutput.of(REPORT))
        .isEqualTo(
            """
            NAMESPACE   POD                                   PHASE    NODE   SLICE
            team-alpha  alpha-model-serving-6d4cf56db6-x7k2p  Running  gpu-a  1g.5gb@0 of GPU 0, whole
            team-alpha  alpha-model-serving-6d4cf56db6-zzzzz  Pending  -      0/2 nodes are available: 2 the
                                                                              tenant's limit of 5 compute slices
                                                                              is reached.
            team-beta   beta-1                                Running  gpu-a  1g.5gb@2 of GPU 0, share 1/4

            gpu-a, GPU 0: NVIDIA A100-SXM4-40GB, GPU-1
            +------------+------------+------------+------------+--------------------------------------+
            |1g.5gb      |            |1g.5gb      |            |3g.20gb                               |
            |whole       |-           |shared 2/4  |-           |free                                  |
            |alpha..x7k2p|            |beta-1 +1   |            |                                      |
            +------------+------------+------------+------------+--------------------------------------+

            gpu-a, GPU 1: NVIDIA A30, GPU-2
            +------------+------------+-------------------------+
            |            |            |2g.12gb                  |
            |-           |-           |free                     |
            |            |            |                         |
            +------------+------------+-------------------------+
            """);
  }

  @Test
  void noLineIsLongerThan100() {
    Report.Pod wordy =
        new Report.Pod(
            "n".repeat(63),
            "p".repeat(200),
            "Pending",
            "m".repeat(90),
            "why ".repeat(99),
            List.of());
    Report report = new Report(List.of(wordy), REPORT.nodes());

    assertThat(TableOutput.of(report).lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
  }

  @Test
  void theJsonHasTheFieldsOfTheContract() throws JsonProcessingException {
    assertThat(JsonMapper.builder().build().writeValueAsString(REPORT))
        .startsWith(
            "{\"pods\":[{\"namespace\":\"team-alpha\",\"name\":\"alpha-model-serving-6d4cf56db6-x7k2p\","
                + "\"phase\":\"Running\",\"node\":\"gpu-a\",\"reason\":null,\"assignments\":["
                + "{\"container\":\"server\",\"resource\":\"nvidia.com/mig-1g.5gb\",\"mode\":\"Whole\","
                + "\"profile\":\"1g.5gb\",\"slices\":[\"MIG-1\"],\"gpus\":[\"GPU-1\"]}]},")
        .contains(
            "\"nodes\":[{\"name\":\"gpu-a\",\"gpus\":[{\"uuid\":\"GPU-1\",\"model\":\"NVIDIA"
                + " A100-SXM4-40GB\",\"slices\":[{\"uuid\":\"MIG-1\",\"profile\":\"1g.5gb\",\"start\":0,"
                + "\"mode\":\"Whole\",\"sharesUsed\":0,\"sharesTotal\":4,\"holders\":[{\"namespace\":"
                + "\"ns\",\"name\":\"alpha-model-serving-6d4cf56db6-x7k2p\"}]},");
  }
}
