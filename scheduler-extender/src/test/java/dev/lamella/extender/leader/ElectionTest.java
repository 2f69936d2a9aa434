package dev.lamella.extender.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.extender.ManualClock;
import dev.lamella.extender.StandInApi;
import dev.lamella.extender.kube.KubeApi;
import dev.lamella.extender.kube.LeaseApi;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lease of 15 s, as replica "me" sees it. */
class ElectionTest {

  private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/ns/leases";
  private static final String READ = "GET " + LEASES + "/l";
  private static final String WRITE = "PUT " + LEASES + "/l";

  @TempDir Path dir;
  private final ManualClock clock = new ManualClock();

  /** Of a clock that only goes forward. */
  private long nanos = 5;

  private StandInApi api;
  private KubeApi kube;
  private Election election;

  @BeforeEach
  void start() throws IOException {
    api = new StandInApi();
    kube = KubeApi.open(Optional.of(api.kubeconfig(dir)));
    election = new Election(new LeaseApi(kube, "ns", "l"), "me", 15, clock, () -> nanos);
  }

  /** By both clocks. */
  private void pass(long seconds) {
    clock.pass(1_000 * seconds);
    nanos += 1_000_000_000 * seconds;
  }

  @AfterEach
  void stop() {
    kube.close();
    api.close();
  }

  @Test
  void takesALeaseThatNobodyHasYet() throws IOException {
    api.on("POST " + LEASES, 201, lease("me", 1, 1));
    election.step();

    assertThat(election.remainingMillis()).isEqualTo(10_000);
    assertThat(api.requests()).anyMatch(r -> r.contains("\"holderIdentity\":\"me\""));
  }

  @Test
  void usesTwoThirdsOfItByWhicheverClockIsAhead() throws IOException {
    api.on("POST " + LEASES, 201, lease("me", 1, 1));
    election.step();

    clock.pass(4_000);
    assertThat(election.remainingMillis()).as("the machine was suspended").isEqualTo(6_000);
    clock.pass(-100_000);
    nanos += 7_000_000_000L;
    assertThat(election.remainingMillis()).as("the time of day was set back").isEqualTo(3_000);
    nanos += 3_000_000_000L;
    assertThat(election.remainingMillis()).isZero();
  }

  @Test
  void waitsForAnothersWholeLeaseByItsOwnClock() throws IOException {
    api.on(READ, 200, lease("other", 7, 3)).on(WRITE, 200, lease("me", 8, 4));
    election.step();
    pass(15);
    election.step();
    assertThat(election.remainingMillis()).as("not yet over").isZero();
    assertThat(election.holder()).isEqualTo("other");

    pass(1);
    election.step();

    assertThat(election.remainingMillis()).isEqualTo(10_000);
    assertThat(api.requests())
        .anyMatch(
            r ->
                r.startsWith("PUT")
                    && r.contains("\"resourceVersion\":\"7\"")
                    && r.contains("\"leaseTransitions\":4"));
  }

  @Test
  void everyRenewalOfTheOtherBeginsTheWaitAnew() throws IOException {
    api.on(READ, 200, lease("other", 7, 3)).on(READ, 200, lease("other", 8, 3));
    election.step();
    pass(14);
    election.step();
    pass(14);
    election.step();

    assertThat(api.requests()).noneMatch(r -> r.startsWith("PUT"));
  }

  @Test
  void takesAReleasedLeaseAtOnce() throws IOException {
    api.on(READ, 200, lease("", 7, 3)).on(WRITE, 200, lease("me", 8, 4));
    election.step();

    assertThat(election.remainingMillis()).isEqualTo(10_000);
  }

  @Test
  void losesARaceThatAnotherWins() throws IOException {
    api.on(READ, 200, lease("", 7, 3)).on(WRITE, 409, "{}");
    election.step();

    assertThat(election.remainingMillis()).isZero();
  }

  @Test
  void whatItHasEndsByTheClockWhenTheApiServerIsAway() throws IOException {
    api.on("POST " + LEASES, 201, lease("me", 1, 1)).on(READ, 404, "{}").on(READ, 500, "{}");
    election.step();
    pass(4);
    assertThatThrownBy(election::step).isInstanceOf(IOException.class);

    assertThat(election.remainingMillis()).isEqualTo(6_000);
    pass(6);
    assertThat(election.remainingMillis()).isZero();
  }

  @Test
  void aLeaseThatWasAnothersMeanwhileIsAnotherTerm() throws IOException {
    api.on(READ, 200, lease("", 7, 3))
        .on(READ, 200, lease("me", 8, 4))
        .on(READ, 200, lease("", 12, 5))
        .on(WRITE, 200, lease("me", 8, 4));
    election.step();
    int first = election.term();
    election.step();
    assertThat(election.term()).as("renewed").isEqualTo(first);
    election.step();

    assertThat(election.term()).isNotEqualTo(first);
  }

  private static String lease(String holder, int version, int transitions) {
    return """
        {"metadata":{"name":"l","resourceVersion":"%d"},"spec":{"holderIdentity":"%s",
         "leaseDurationSeconds":15,"leaseTransitions":%d}}
        """
        .formatted(version, holder, transitions);
  }
}
