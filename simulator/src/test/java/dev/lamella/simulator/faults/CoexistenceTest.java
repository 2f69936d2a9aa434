package dev.lamella.simulator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.ledger.Snapshot;
import dev.lamella.simulator.kube.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pods that came another way than through the extender; one node with three slices. */
class CoexistenceTest {

  private static final String WHOLE = "nvidia.com/mig-1g.5gb";
  private static final String SHARE = "nvidia.com/mig-1g.5gb.shared";

  private Bed bed;
  private Contest contest;

  @BeforeEach
  void start() throws Exception {
    bed = new Bed(1, "1g.5gb@0, 1g.5gb@1, 1g.5gb@2");
  }

  private void extender() throws Exception {
    bed.withExtender();
    contest = new Contest(bed);
  }

  @AfterEach
  void nothingIsWrong() throws Exception {
    try (Bed ends = bed) {
      ends.awaitLedgerEqualsCluster(ends.extender());
      contest.close();
      assertThat(contest.found()).isEmpty();
    }
  }

  private void foreign(String name, String more, String resource) throws Exception {
    bed.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {namespace: default, name: %s}
        spec:
          %s
          containers: [{name: c, image: i, resources: {limits: {%s: 1}}}]
        """
            .formatted(name, more, resource));
  }

  @Test
  void podsThatWereThereBeforeAreAdoptedAndCharged() throws Exception {
    foreign("old", "nodeName: n0", WHOLE);
    bed.awaitRunning("old");
    extender();
    Await.until(() -> "adopted: " + bed.extender().snapshot(), () -> held("old") == 1);

    bed.pod("default", "p0", WHOLE, 1);
    bed.pod("default", "p1", WHOLE, 1);
    bed.pod("default", "p2", WHOLE, 1);
    bed.awaitSettled();

    assertThat(bed.pods().stream().filter(Pods.Pod::running)).as("old and two more").hasSize(3);
    assertThat(bed.pods().stream().filter(pod -> !pod.running()))
        .singleElement()
        .satisfies(pod -> assertThat(pod.reason()).contains("no free 1g.5gb slice"));
    assertThat(bed.extender().snapshot().usages().values())
        .allSatisfy(usage -> assertThat(usage.used().compute()).isEqualTo("3"));
  }

  @Test
  void podsOfAnotherSchedulerAreSeenOnceTheyAreBound() throws Exception {
    extender();
    foreign("other", "schedulerName: other", SHARE);
    bed.bindByHand("default", "other", "n0");
    bed.awaitRunning("other");
    Await.until(() -> "seen: " + bed.extender().snapshot(), () -> held("other") == 1);

    for (int i = 0; i < 3; i++) {
      bed.pod("default", "p" + i, WHOLE, 1);
    }
    bed.awaitSettled();

    assertThat(bed.pods().stream().filter(Pods.Pod::running)).hasSize(3);
  }

  @Test
  void aPodOfTheSameNameIsAnotherOne() throws Exception {
    extender();
    for (int i = 0; i < 3; i++) {
      bed.pod("default", "web-0", WHOLE, 3);
      bed.awaitRunning("web-0");
      String uid = bed.pod("web-0").orElseThrow().uid();
      bed.delete("default", "web-0");
      Await.until(
          () -> "gone: " + bed.pods(),
          () -> bed.pod("web-0").filter(pod -> pod.uid().equals(uid)).isEmpty());
    }
    bed.pod("default", "web-0", SHARE, 1);
    bed.awaitRunning("web-0");
    assertThat(held("web-0")).isEqualTo(1);
  }

  private long held(String pod) {
    Snapshot snapshot = bed.extender().snapshot();
    return snapshot.node("n0").orElseThrow().slices().stream()
        .flatMap(slice -> slice.holds().stream())
        .filter(hold -> hold.pod().name().equals(pod))
        .count();
  }
}
