package dev.lamella.simulator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.extender.SchedulerExtender;
import dev.lamella.simulator.apiserver.Fault;
import dev.lamella.simulator.apiserver.Faults.Call;
import dev.lamella.simulator.kube.Await;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two extenders, of which one decides. */
class TwoReplicasTest {

  private static final String WHOLE = "nvidia.com/mig-1g.5gb";
  private static final int LEASE_SECONDS = 3;

  private final HttpClient http = HttpClient.newHttpClient();
  private Bed bed;
  private Service service;
  private SchedulerExtender one;
  private SchedulerExtender two;

  @BeforeEach
  void start() throws Exception {
    bed = new Bed(1, "1g.5gb@0, 1g.5gb@1, 1g.5gb@2");
    service = bed.add(new Service(bed));
    one = replica("extender-1");
    Await.until(() -> "one does not lead", one::leading);
    two = replica("extender-2");
    bed.scheduler(service.uri());
  }

  @AfterEach
  void stop() {
    bed.weather.clear();
    bed.close();
  }

  private SchedulerExtender replica(String name) throws Exception {
    bed.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {namespace: kube-system, name: %s}
        spec: {nodeName: control-plane, containers: [{name: c, image: i}]}
        """
            .formatted(name));
    SchedulerExtender replica =
        bed.add(
            bed.extender(
                "--leader-elect",
                "--pod-name",
                name,
                "--pod-namespace",
                "kube-system",
                "--config",
                bed.config(
                    "leader: {leaseSeconds: %d}\nstaleness: {limitSeconds: 3}"
                        .formatted(LEASE_SECONDS))));
    service.replica(name, replica.uri());
    Await.until(() -> name + " not ready", replica::ready);
    return replica;
  }

  private static Predicate<Call> from(String replica) {
    return call -> call.userAgent().contains("(" + replica + ")");
  }

  @Test
  void onlyTheLeaderAnswersAndItsPodCarriesTheLabel() throws Exception {
    bed.pod("default", "p0", WHOLE, 1);
    bed.awaitRunning("p0");

    assertThat(service.leaders()).containsExactly("extender-1");
    assertThat(two.leading()).isFalse();
    Await.until(
        () -> post(two.uri(), "/filter", "{}").body(),
        () -> post(two.uri(), "/filter", "{}").body().contains("not lead, extender-1_"));
    HttpResponse<String> refused = post(two.uri(), "/filter", "{}");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Connection")).contains("close");
    bed.awaitLedgerEqualsCluster(two);
  }

  @Test
  void closingTheLeaderHandsOverAtOnce() throws Exception {
    bed.pod("default", "p0", WHOLE, 1);
    bed.awaitRunning("p0");
    long begun = System.nanoTime();

    one.close();
    Await.until(() -> "two does not lead", two::leading);
    System.out.printf("rolling: handed over in %d ms%n", millisSince(begun));

    bed.pod("default", "p1", WHOLE, 1);
    bed.awaitRunning("p0", "p1");
    assertThat(service.leaders()).containsExactly("extender-2");
    bed.awaitLedgerEqualsCluster(two);
  }

  /**
   * The old leader decides a bind and is paused before it is written; it hears nothing and says
   * nothing until another leads and has given the slices away. Then it wakes up.
   */
  @Test
  void aPausedLeaderThatWakesUpLateGivesNothingAwayTwice() throws Exception {
    try (Contest contest = new Contest(bed)) {
      for (int i = 0; i < 2; i++) {
        bed.pod("default", "p" + i, WHOLE, 1);
      }
      bed.awaitRunning("p0", "p1");
      // Its write is stuck on the way for longer than everybody's patience, as are its renewals.
      Duration pause = Duration.ofSeconds(3 * LEASE_SECONDS);
      Predicate<Call> ones = from("extender-1");
      AtomicInteger stuck =
          bed.weather.add(
              false, ones.and(call -> call.path().endsWith("/binding")), Fault.delay(pause), 1);
      bed.weather.add(
          false, ones.and(call -> call.path().contains("/leases")), Fault.delay(pause), 100);
      bed.weather.watchesHang(ones);
      bed.pod("default", "late", WHOLE, 1);
      Await.until(() -> "no bind is stuck", () -> stuck.get() == 1);
      String uid = bed.pod("late").orElseThrow().uid();
      long begun = System.nanoTime();

      Await.until(() -> "two does not lead", two::leading);
      System.out.printf("paused leader: taken over in %d ms%n", millisSince(begun));
      assertThat(one.leading()).isFalse();
      bed.awaitRunning("late");
      bed.delete("default", "p0");
      bed.pod("default", "next", WHOLE, 1);
      bed.awaitRunning("next");

      // Asked as a scheduler with an old connection would.
      HttpResponse<String> late =
          post(
              one.uri(),
              "/bind",
              "{\"PodName\":\"late\",\"PodNamespace\":\"default\",\"PodUID\":\"%s\",\"Node\":\"n0\"}"
                  .formatted(uid));
      assertThat(late.statusCode()).isEqualTo(503);
      bed.weather.clear();
      Thread.sleep(pause.toMillis());
      bed.awaitSettled();
      Await.until(
          () -> "labels " + service.leaders(),
          () -> service.leaders().equals(List.of("extender-2")));
      assertThat(contest.found()).isEmpty();
      bed.awaitLedgerEqualsCluster(two);
      bed.awaitLedgerEqualsCluster(one);
    }
  }

  /** Its own word for it: the write that was stuck arrives, and the API server refuses it. */
  @Test
  void theLateWriteOfAPausedLeaderIsRefusedByTheApiServer() throws Exception {
    Predicate<Call> bindOfOne = from("extender-1").and(c -> c.path().endsWith("/binding"));
    AtomicInteger stuck =
        bed.weather.add(false, bindOfOne, Fault.delay(Duration.ofSeconds(2 * LEASE_SECONDS)), 1);
    AtomicInteger carriedOut = bed.weather.add(true, bindOfOne, Fault.NONE, 100);
    bed.pod("default", "p", WHOLE, 1);
    Await.until(() -> "no bind is stuck", () -> stuck.get() == 1);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(one::close);
    Await.until(() -> "two does not lead", two::leading);
    bed.awaitRunning("p");
    Thread.sleep(Duration.ofSeconds(2 * LEASE_SECONDS).toMillis());
    closing.join();

    assertThat(carriedOut).as("writes of the old leader that took effect").hasValue(0);
    bed.awaitLedgerEqualsCluster(two);
  }

  @Test
  void aLeaderThatLosesSightOfTheClusterStandsDown() throws Exception {
    bed.weather.watchesHang(from("extender-1"));
    Await.until(() -> "two does not lead", two::leading);
    assertThat(one.leading()).isFalse();
    bed.pod("default", "p", WHOLE, 1);
    bed.awaitRunning("p");
  }

  private HttpResponse<String> post(URI uri, String verb, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri.resolve(verb))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }
}
