package dev.lamella.simulator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1ResourceRequirements;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodRequestsTest {

  @ParameterizedTest
  @CsvSource({
    "main:1, 1",
    "main:1 main:2, 3",
    "init:3 main:1, 3",
    "init:1 init:2 main:3, 3",
    "sidecar:1 main:1, 2",
    "sidecar:1 init:3 main:1, 4",
    "init:3 sidecar:1 main:1, 3",
    "sidecar:1 sidecar:1 main:1, 3",
  })
  void countsAsSchedulerAndKubeletDo(String containers, String expected) {
    List<V1Container> inits = new ArrayList<>();
    List<V1Container> mains = new ArrayList<>();
    for (String word : containers.split(" ")) {
      String[] parts = word.split(":");
      V1Container container =
          new V1Container()
              .resources(new V1ResourceRequirements().limits(Map.of("x", new Quantity(parts[1]))));
      if (parts[0].equals("sidecar")) {
        container.setRestartPolicy("Always");
      }
      (parts[0].equals("main") ? mains : inits).add(container);
    }
    V1Pod pod = new V1Pod().spec(new V1PodSpec().initContainers(inits).containers(mains));
    assertThat(PodRequests.of(pod).get("x")).isEqualByComparingTo(expected);
  }
}
