package dev.lamella.simulator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.simulator.apiserver.Fault;
import dev.lamella.simulator.kube.Await;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What goes wrong between the extender and the API server, one thing at a time. After each: the
 * ledger is what a fresh one would be, no slice ever had two holders, no pod is lost.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiFaultsTest {

  private static final String WHOLE = "nvidia.com/mig-1g.5gb";
  private static final String SHARE = "nvidia.com/mig-1g.5gb.shared";

  private Bed bed;
  private Contest contest;

  @BeforeAll
  void start() throws Exception {
    bed = new Bed(2, "1g.5gb@0, 1g.5gb@1, 1g.5gb@2");
    bed.namespace("alpha");
    bed.namespace("beta");
    bed.tenant("alpha", "LatencyCritical", 1000, "{guaranteed: {computeSlices: '2'}}");
    bed.tenant("beta", "BestEffort", 0, "{limit: {computeSlices: '6'}}");
    bed.withExtender("--config", bed.config("staleness: {limitSeconds: 3}"));
  }

  @AfterAll
  void stop() throws Exception {
    bed.close();
  }

  @BeforeEach
  void watchSlices() {
    contest = new Contest(bed);
  }

  @AfterEach
  void nothingIsWrong() throws Exception {
    bed.weather.clear();
    bed.awaitSettled();
    bed.awaitLedgerEqualsCluster(bed.extender());
    contest.close();
    assertThat(contest.found()).isEmpty();
    for (Pods.Pod pod : bed.pods()) {
      bed.delete(pod.namespace(), pod.name());
    }
    Await.until(() -> "gone: " + bed.pods(), () -> bed.pods().isEmpty());
    bed.awaitLedgerEqualsCluster(bed.extender());
  }

  @Test
  void bindsWhoseAnswersAreLost() throws Exception {
    AtomicInteger lost = bed.weather.after("POST /binding", Fault.hangUp(), 3);
    AtomicInteger failed = bed.weather.after("POST /binding", Fault.fail(504), 2);
    for (int i = 0; i < 6; i++) {
      bed.pod("beta", "p" + i, WHOLE, 1);
    }
    bed.awaitRunning("p0", "p1", "p2", "p3", "p4", "p5");
    assertThat(lost.get() + failed.get()).isEqualTo(5);
  }

  @Test
  void bindsThatNeverArrive() throws Exception {
    AtomicInteger failed = bed.weather.before("POST /binding", Fault.fail(500), 4);
    AtomicInteger cut = bed.weather.before("POST /binding", Fault.hangUp(), 2);
    for (int i = 0; i < 6; i++) {
      bed.pod("beta", "p" + i, WHOLE, 1);
    }
    bed.awaitRunning("p0", "p1", "p2", "p3", "p4", "p5");
    assertThat(failed.get() + cut.get()).isGreaterThanOrEqualTo(5);
  }

  @Test
  void bindsAndTheWayToAskAboutThemFail() throws Exception {
    bed.weather.after("POST /binding", Fault.fail(504), 2);
    AtomicInteger asked =
        bed.weather.add(false, c -> c.method().equals("PATCH"), Fault.fail(500), 4);
    bed.pod("beta", "p0", WHOLE, 1);
    bed.pod("beta", "p1", WHOLE, 1);
    bed.awaitRunning("p0", "p1");
    Await.until(() -> "asked again: " + asked, () -> asked.get() == 4);
  }

  @Test
  void conflicts() throws Exception {
    AtomicInteger conflicts = bed.weather.before("POST /binding", Fault.fail(409), 3);
    bed.pod("beta", "p0", WHOLE, 1);
    bed.awaitRunning("p0");
    bed.pod("beta", "p1", SHARE, 1);
    bed.awaitRunning("p1");
    assertThat(conflicts).hasValueGreaterThanOrEqualTo(2);
  }

  @Test
  void tooManyRequests() throws Exception {
    AtomicInteger binds = bed.weather.before("POST /binding", Fault.busy(1), 2);
    AtomicInteger status = bed.weather.before("PATCH /status", Fault.busy(1), 2);
    bed.pod("beta", "p0", WHOLE, 1);
    bed.awaitRunning("p0");
    Await.until(() -> binds + " " + status, () -> binds.get() == 2 && status.get() == 2);
  }

  @Test
  void aBurstOfErrorsOnEverything() throws Exception {
    AtomicInteger errors = bed.weather.before("*", Fault.fail(500), 40);
    for (int i = 0; i < 6; i++) {
      bed.pod("beta", "p" + i, SHARE, 1);
    }
    bed.awaitRunning("p0", "p1", "p2", "p3", "p4", "p5");
    assertThat(errors).hasPositiveValue();
  }

  @Test
  void evictionsAndStatusesWhoseAnswersAreLost() throws Exception {
    for (int i = 0; i < 24; i++) {
      bed.pod("beta", "s" + i, SHARE, 1);
    }
    bed.awaitRunning("s0", "s23");
    AtomicInteger lost = bed.weather.after("POST /eviction", Fault.hangUp(), 2);
    AtomicInteger status = bed.weather.after("PATCH /status", Fault.hangUp(), 2);
    bed.pod("alpha", "a", WHOLE, 1);
    bed.awaitRunning("a");
    assertThat(lost).hasPositiveValue();
    assertThat(status).hasPositiveValue();
  }

  @Test
  void watchesThatExpire() throws Exception {
    bed.pod("beta", "p0", WHOLE, 1);
    bed.awaitRunning("p0");
    bed.weather.watchesExpire(call -> true);
    bed.pod("beta", "p1", WHOLE, 1);
    bed.awaitRunning("p1");
    bed.delete("beta", "p0");
    bed.pod("beta", "p2", SHARE, 1);
    bed.awaitRunning("p2");
  }

  @Test
  void aWatchThatHangsSilentlyStopsBindsUntilItIsMended() throws Exception {
    bed.weather.watchesHang(call -> call.path().endsWith("/nodes"));
    Await.until(() -> "not stale", () -> !bed.extender().ready());
    bed.pod("beta", "p0", WHOLE, 1);
    Await.until(
        () -> "told why: " + bed.pods(),
        () -> bed.pod("p0").orElseThrow().reason().contains("too old to decide: [nodes]"));
    bed.weather.clear();
    bed.awaitRunning("p0");
  }

  @Test
  void aPodDeletedBetweenFilterAndBindWithAnotherOfItsNameAfter() throws Exception {
    AtomicInteger slow =
        bed.weather.before("POST /binding", Fault.delay(java.time.Duration.ofMillis(800)), 1);
    bed.pod("beta", "p0", WHOLE, 1);
    String first = bed.pod("p0").orElseThrow().uid();
    Await.until(() -> "no bind yet", () -> slow.get() == 1);
    bed.delete("beta", "p0");
    bed.pod("beta", "p0", SHARE, 1);
    bed.awaitRunning("p0");
    Pods.Pod second = bed.pod("p0").orElseThrow();
    assertThat(second.uid()).isNotEqualTo(first);
    assertThat(second.assignment().orElseThrow().held().get(0).resource().shared()).isTrue();
  }
}
