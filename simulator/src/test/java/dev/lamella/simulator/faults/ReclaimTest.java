package dev.lamella.simulator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.simulator.kube.Await;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Twelve shares of beta fill the three slices of the node, two of which alpha was promised. */
class ReclaimTest {

  private static final String WHOLE = "nvidia.com/mig-1g.5gb";

  private Bed bed;
  private Contest contest;

  @BeforeEach
  void start() throws Exception {
    bed = new Bed(1, "1g.5gb@0, 1g.5gb@1, 1g.5gb@2");
    bed.namespace("alpha");
    bed.namespace("beta");
    bed.tenant("alpha", "LatencyCritical", 1000, "{guaranteed: {computeSlices: '2'}}");
    bed.tenant("beta", "BestEffort", 0, "{}");
    bed.withExtender();
    contest = new Contest(bed);
  }

  @AfterEach
  void nothingIsWrong() throws Exception {
    try (Bed ends = bed) {
      ends.awaitSettled();
      ends.awaitLedgerEqualsCluster(ends.extender());
      contest.close();
      assertThat(contest.found()).isEmpty();
    }
  }

  private void beta(String annotations) throws Exception {
    bed.apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {namespace: beta, name: beta}
        spec:
          replicas: 12
          selector: {matchLabels: {app: beta}}
          template:
            metadata: {labels: {app: beta}, annotations: {%s}}
            spec:
              containers: [{name: c, image: i, resources: {limits: {%s.shared: 1}}}]
        """
            .formatted(annotations, WHOLE));
    Await.until(() -> "beta: " + bed.pods(), () -> running("beta") == 12);
  }

  private long running(String namespace) throws Exception {
    return bed.pods().stream().filter(p -> p.running() && p.namespace().equals(namespace)).count();
  }

  @Test
  void victimsThatComeBackDoNotTakeWhatWasFreed() throws Exception {
    beta("");
    bed.pod("alpha", "a0", WHOLE, 1);
    bed.pod("alpha", "a1", WHOLE, 1);
    bed.awaitRunning("a0", "a1");
    Await.until(() -> "beta is back, waiting: " + bed.pods(), () -> bed.pods().size() == 14);
    bed.awaitSettled();

    assertThat(running("beta")).isEqualTo(4);
    assertThat(bed.pods()).noneMatch(pod -> pod.phase().equals("Failed"));
    Await.until(
        () -> "told: " + bed.events("beta"),
        () -> bed.events("beta").stream().filter(e -> e.contains(" Reclaimed: ")).count() == 8);
    assertThat(bed.events("beta"))
        .anyMatch(e -> e.contains("Reclaimed: tenant alpha takes back what it was promised"))
        .noneMatch(e -> e.contains("a0") || e.contains("a1"));
  }

  @Test
  void podsThatTakeTheirWholeGracePeriodAreWaitedFor() throws Exception {
    beta("simulator.lamella.dev/stop-seconds: '4'");
    long begun = System.nanoTime();
    bed.pod("alpha", "a0", WHOLE, 1);
    bed.awaitRunning("a0");

    assertThat((System.nanoTime() - begun) / 1_000_000).isGreaterThan(3_000);
    assertThat(bed.pods()).noneMatch(pod -> pod.phase().equals("Failed"));
    assertThat(running("beta")).as("nobody went in vain").isEqualTo(8);
  }

  @Test
  void aDisruptionBudgetIsRespectedAndTheReasonTold() throws Exception {
    beta("");
    bed.apply(
        """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {namespace: beta, name: all}
        spec: {minAvailable: 12, selector: {matchLabels: {app: beta}}}
        """);
    bed.pod("alpha", "a0", WHOLE, 1);
    String told =
        "a0 NotReclaimed: a disruption budget of tenant beta forbids to take slices back now";
    Await.until(() -> "told: " + bed.events("alpha"), () -> bed.events("alpha").contains(told));
    assertThat(running("beta")).isEqualTo(12);

    bed.remove("/apis/policy/v1/namespaces/beta/poddisruptionbudgets/all");
    bed.awaitRunning("a0");
  }

  @Test
  void aPodAboveTheGuaranteeIsToldThatNobodyGoesForIt() throws Exception {
    beta("");
    bed.pod("alpha", "a0", WHOLE, 3);
    AtomicBoolean seen = new AtomicBoolean();
    Await.until(
        () -> "told: " + bed.events("alpha"),
        () -> {
          List<String> events = bed.events("alpha");
          seen.set(
              events.stream()
                  .anyMatch(e -> e.contains("not within the guarantee of tenant alpha")));
          return seen.get();
        });
    assertThat(running("beta")).isEqualTo(12);
  }
}
