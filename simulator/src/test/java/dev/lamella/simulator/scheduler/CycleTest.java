package dev.lamella.simulator.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1NodeCondition;
import io.kubernetes.client.openapi.models.V1NodeStatus;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CycleTest {

  private static V1Node node(String name, String cpu) {
    return new V1Node()
        .metadata(new V1ObjectMeta().name(name))
        .status(
            new V1NodeStatus()
                .conditions(List.of(new V1NodeCondition().type("Ready").status("True")))
                .allocatable(
                    Map.of(
                        "cpu", new Quantity(cpu),
                        "memory", new Quantity("8Gi"),
                        "pods", new Quantity("10"))));
  }

  private static List<Decision> decisions(long seed, V1Node... nodes) {
    Cycle cycle = new Cycle(new InTreeFilters(r -> false), Optional.empty(), new Random(seed));
    Cluster cluster = new Cluster(List.of(nodes), new TreeMap<>());
    V1Pod pod = TestCluster.wants("p", "cpu", "1");
    return Stream.generate(() -> cycle.decide(pod, cluster)).limit(50).toList();
  }

  @Test
  void tiesAreBrokenByTheSeed() {
    List<Decision> once = decisions(1, node("a", "4"), node("b", "4"));
    assertThat(once).contains(new Decision.Fits("a"), new Decision.Fits("b"));
    assertThat(decisions(1, node("b", "4"), node("a", "4"))).isEqualTo(once);
    assertThat(decisions(2, node("a", "4"), node("b", "4"))).isNotEqualTo(once);
  }

  @Test
  void theEmptierNodeWins() {
    assertThat(decisions(1, node("a", "4"), node("b", "16"))).containsOnly(new Decision.Fits("b"));
  }

  @Test
  void aNodeThatIsNotReadyIsLeftOut() {
    V1Node down = node("a", "64");
    down.getStatus().getConditions().get(0).setStatus("Unknown");
    assertThat(decisions(1, down))
        .containsOnly(
            new Decision.FitsNowhere(
                "0/1 nodes are available: 1 node(s) had untolerated taint"
                    + " {node.kubernetes.io/not-ready: }."));
    assertThat(decisions(1))
        .containsOnly(new Decision.FitsNowhere("no nodes available to schedule pods"));
  }

  @Test
  void reasonsAreCountedAndSorted() {
    assertThat(Cycle.message(4, List.of("b", "a", "b")))
        .isEqualTo("0/4 nodes are available: 1 a, 2 b.");
    assertThat(Cycle.message(2, List.of())).isEqualTo("0/2 nodes are available:");
  }
}
