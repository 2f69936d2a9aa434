package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.LamellaApi;
import dev.lamella.core.api.SliceStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is decided is what is handed out, for pods of all shapes. */
@ExtendWith(ClusterExtension.class)
class AssignmentTest {

  private static final String NODE = "gpu-a";

  private Team team;

  @BeforeEach
  void create(Cluster cluster) throws Exception {
    team = Team.create(cluster, "shapes");
  }

  @AfterEach
  void remove() {
    team.close();
  }

  private void awaitRunning(List<PodOf> pods) throws Exception {
    for (PodOf pod : pods) {
      team.create(pod);
    }
    for (PodOf pod : pods) {
      team.await(pod.name(), "Running");
    }
  }

  private static List<PodOf> many(int count, String prefix, String resource) {
    return java.util.stream.IntStream.range(0, count)
        .mapToObj(i -> PodOf.asking(prefix + "-" + i, resource, 1).on(NODE))
        .toList();
  }

  @Test
  void thePodHasItsAssignmentFromTheMomentItHasANode(Cluster cluster) throws Exception {
    try (PodHistory history = PodHistory.start(cluster.kube(), team)) {
      awaitRunning(many(3, "seen", PodOf.SHARE));
      List<JsonNode> bound =
          history.versions().stream().filter(pod -> pod.at("/spec").has("nodeName")).toList();

      assertThat(bound).hasSizeGreaterThanOrEqualTo(3);
      assertThat(bound)
          .allSatisfy(
              pod ->
                  assertThat(pod.at("/metadata/annotations").path(LamellaApi.ASSIGNMENT).asText())
                      .contains(PodOf.SHARE));
    }
  }

  @Test
  void annotationCheckpointPodResourcesAndReportAgree(Cluster cluster) throws Exception {
    awaitRunning(
        List.of(
            PodOf.asking("whole", PodOf.WHOLE, 1),
            PodOf.asking("shares", PodOf.SHARE, 2),
            PodOf.asking("large", "nvidia.com/mig-3g.20gb", 1)));
    Agreement.await(cluster, team);
  }

  @Test
  void tenSharesOfOneShapeAtOnceOnOneNode(Cluster cluster) throws Exception {
    double before = fallbacks(cluster);
    awaitRunning(many(10, "share", PodOf.SHARE));
    Agreement.await(cluster, team);
    Map<String, Integer> held = new TreeMap<>();
    for (int i = 0; i < 10; i++) {
      Agreement.slices(cluster, team, "share-" + i).forEach(s -> held.merge(s, 1, Integer::sum));
    }

    assertThat(held.values()).containsExactlyInAnyOrder(4, 4, 2);
    assertThat(fallbacks(cluster)).isEqualTo(before);
  }

  @Test
  void nineWholeSlicesOfOneShapeAtOnceOnOneNode(Cluster cluster) throws Exception {
    double before = fallbacks(cluster);
    awaitRunning(many(9, "whole", PodOf.WHOLE));
    Agreement.await(cluster, team);
    Set<String> held = new HashSet<>();
    for (int i = 0; i < 9; i++) {
      held.addAll(Agreement.slices(cluster, team, "whole-" + i));
    }

    assertThat(held).hasSize(9);
    assertThat(fallbacks(cluster)).isEqualTo(before);
  }

  /** Containers for which the daemon found no assignment that matched. */
  private static double fallbacks(Cluster cluster) throws Exception {
    return Web.get(cluster.node(NODE).metrics())
        .lines()
        .filter(line -> line.startsWith("lamella_node_preference_fallbacks_total"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void initContainersSidecarsAndTwoContainers(Cluster cluster) throws Exception {
    awaitRunning(
        List.of(
            PodOf.named("init").init("first", PodOf.WHOLE, 2).container("main", PodOf.WHOLE, 1),
            PodOf.named("sidecar")
                .sidecar("beside", PodOf.SHARE, 1)
                .container("main", PodOf.SHARE, 1),
            PodOf.named("two").container("a", PodOf.WHOLE, 1).container("b", PodOf.SHARE, 1),
            PodOf.named("both").container("a", PodOf.SHARE, 3).container("b", PodOf.SHARE, 2)));
    Agreement.await(cluster, team);

    assertThat(Agreement.slices(cluster, team, "two")).hasSize(2);
  }

  @Test
  void wholeAndSharedOfOneProfileOnOneGpu(Cluster cluster) throws Exception {
    awaitRunning(many(6, "whole", PodOf.WHOLE));
    awaitRunning(many(3, "share", PodOf.SHARE));
    Agreement.await(cluster, team);

    assertThat(cluster.gpuNode(NODE).status().gpus())
        .anySatisfy(gpu -> assertThat(modes(gpu)).contains("Whole", "Shared"));
  }

  private static Set<String> modes(GpuStatus gpu) {
    Set<String> modes = new HashSet<>();
    for (SliceStatus slice : gpu.slices()) {
      if (slice.profile().equals("1g.5gb")) {
        modes.add(slice.mode());
      }
    }
    return modes;
  }
}
