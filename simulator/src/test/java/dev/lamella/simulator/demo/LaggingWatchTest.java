package dev.lamella.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.simulator.apiserver.ApiServerOptions;
import dev.lamella.simulator.apiserver.Faults;
import io.kubernetes.client.openapi.ApiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The node daemon hears of its pods a second late. */
class LaggingWatchTest {

  /** Only the daemon asks for the pods of a node that have not ended. */
  private static final Faults LATE =
      new Faults() {
        @Override
        public Duration watchLag(Call call) {
          boolean daemons =
              call.query().contains("spec.nodeName") && call.query().contains("status.phase");
          return daemons ? Duration.ofSeconds(1) : Duration.ZERO;
        }
      };

  private static final String PODS =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: whole}
      spec: {containers: [{name: c, image: i, resources: {limits: {nvidia.com/mig-1g.5gb: 1}}}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: share}
      spec:
        containers: [{name: c, image: i, resources: {limits: {nvidia.com/mig-1g.5gb.shared: 1}}}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: two-shares}
      spec:
        containers: [{name: c, image: i, resources: {limits: {nvidia.com/mig-1g.5gb.shared: 2}}}]
      """;

  @TempDir private Path folder;

  @Test
  void slicesAreHandedOutAsAssigned() throws IOException, ApiException, InterruptedException {
    Path pods = Files.writeString(folder.resolve("pods.yaml"), PODS);
    ApiServerOptions options = ApiServerOptions.defaults().withFaults(LATE);
    try (Closing closing = new Closing()) {
      Path own = closing.add(DemoFolder.create()).path();
      Demo demo = Demo.run(Example.nodes(folder), List.of(pods), own, options, step -> {}, closing);
      ClusterView.Look look = demo.look();

      assertThat(look.contradictions()).isEmpty();
      assertThat(look.report().pods())
          .allSatisfy(pod -> assertThat(pod.phase()).isEqualTo("Running"))
          .flatExtracting(Report.Pod::assignments)
          .hasSize(3);
    }
  }
}
