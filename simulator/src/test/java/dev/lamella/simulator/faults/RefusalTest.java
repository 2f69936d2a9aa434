package dev.lamella.simulator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.simulator.kube.Await;
import org.junit.jupiter.api.Test;

/** A node knows of a holder that the extender does not: what it is sent meanwhile, it refuses. */
class RefusalTest {

  private static final String WHOLE = "nvidia.com/mig-1g.5gb";
  private static final String SHARE = "nvidia.com/mig-1g.5gb.shared";

  @Test
  void podsAreNotLostOneAfterTheOther() throws Exception {
    try (Bed bed = new Bed(1, "1g.5gb@0").withExtender()) {
      bed.namespace("beta");
      bed.tenant("beta", "LatencyCritical", 0, "{guaranteed: {computeSlices: '1'}}");
      bed.weather.watchesHang(call -> call.path().endsWith("/gpunodes"));
      passedBy(bed);

      bed.pod("beta", "first", SHARE, 1);
      Await.until(
          () -> "refused: " + bed.pods(),
          () -> bed.pod("first").orElseThrow().phase().equals("Failed"));
      bed.pod("beta", "second", SHARE, 1);
      bed.pod("beta", "third", WHOLE, 1);
      bed.awaitSettled("second", "third");

      assertThat(bed.pod("second").orElseThrow().reason())
          .contains("node has just refused a pod, its report is awaited");
      assertThat(bed.pod("third").orElseThrow().node()).isEmpty();
    }
  }

  /** A pod without an assignment, whose slice only its node can name. */
  private static void passedBy(Bed bed) throws Exception {
    bed.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {namespace: default, name: past}
        spec:
          nodeName: n0
          containers: [{name: c, image: i, resources: {limits: {%s: 1}}}]
        """
            .formatted(WHOLE));
    bed.awaitRunning("past");
  }
}
