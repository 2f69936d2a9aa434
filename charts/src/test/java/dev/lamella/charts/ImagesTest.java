package dev.lamella.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which images pods are made of. */
class ImagesTest {

  @Test
  void byDefaultTheChartsVersionWithoutARegistry() {
    assertThat(images("default"))
        .containsExactlyInAnyOrder(
            "lamella-device-plugin:0.1.0",
            "lamella-scheduler-extender:0.1.0",
            "registry.k8s.io/kube-scheduler:v1.36.3");
  }

  @Test
  void oneRegistryForBothProgramsOrOneForEach() {
    assertThat(images("everything"))
        .contains(
            "registry.example.com/platform/lamella-device-plugin:0.1.0-rc.1",
            "registry.example.com/platform/lamella-scheduler-extender:0.1.0");
    assertThat(images("own-accounts"))
        .contains(
            "mirror.example.com/lamella-device-plugin@sha256:" + "0123456789abcdef".repeat(4));
  }

  @ParameterizedTest
  @CsvSource({
    "v1.31.0, v1.31.0",
    "v1.33.5-gke.1080000, v1.33.5",
    "v1.34.1+k3s1, v1.34.1",
    "v1.32.9-eks-3abbec1, v1.32.9"
  })
  void theSecondSchedulerFollowsTheCluster(String cluster, String tag) {
    JsonNode scheduler =
        Chart.render(Chart.valueSet("default"), cluster).one("Deployment", "lamella-scheduler");
    assertThat(Rendered.podSpec(scheduler).at("/containers/0/image").asText())
        .isEqualTo("registry.k8s.io/kube-scheduler:" + tag);
  }

  private static List<String> images(String set) {
    return Chart.render(set).workloads().stream()
        .map(workload -> Rendered.podSpec(workload).at("/containers/0/image").asText())
        .toList();
  }
}
