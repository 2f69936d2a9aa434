package dev.lamella.simulator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.simulator.apiserver.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pods come and go while everything goes wrong in turn; and the API server is away altogether.
 * {@code -Dlamella.soak} makes it real: two minutes of each mixture, thirty seconds away. {@code
 * -Dlamella.seeds=1,2,3} says which mixtures.
 */
class MixtureTest {

  private static final boolean SOAK = Boolean.getBoolean("lamella.soak");
  private static final String WHOLE = "nvidia.com/mig-1g.5gb";
  private static final String SHARE = "nvidia.com/mig-1g.5gb.shared";
  private static final List<Fault> FAULTS =
      List.of(
          Fault.hangUp(),
          Fault.fail(500),
          Fault.fail(504),
          Fault.fail(409),
          Fault.busy(1),
          Fault.delay(Duration.ofMillis(300)));

  @ParameterizedTest
  @MethodSource("seeds")
  void everythingAtOnce(long seed) throws Exception {
    Random random = new Random(seed);
    try (Bed bed = bed("staleness: {limitSeconds: 3}");
        Contest contest = new Contest(bed)) {
      long end = System.nanoTime() + Duration.ofSeconds(SOAK ? 120 : 12).toNanos();
      for (int i = 0; System.nanoTime() < end; i++) {
        step(bed, random, i);
        Thread.sleep(random.nextInt(120));
      }
      settle(bed);
      assertThat(contest.found()).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void theApiServerIsAway() throws Exception {
    try (Bed bed = bed(SOAK ? "{}" : "staleness: {limitSeconds: 3}");
        Contest contest = new Contest(bed)) {
      bed.pod("beta", "before", SHARE, 1);
      bed.awaitRunning("before");
      bed.weather.before("*", Fault.hangUp(), Integer.MAX_VALUE);
      bed.weather.watchesHang(call -> true);
      bed.pod("beta", "during", SHARE, 1);
      bed.delete("beta", "before");
      long away = SOAK ? 30_000 : 7_000;
      Thread.sleep(away);
      assertThat(bed.pod("during").orElseThrow().node()).isEmpty();
      if (!SOAK) {
        assertThat(bed.extender().ready()).as("away for longer than may be stale").isFalse();
      }

      long back = System.nanoTime();
      bed.weather.clear();
      bed.awaitRunning("during");
      System.out.printf(
          "away for %d ms, bound %d ms after%n", away, (System.nanoTime() - back) / 1_000_000);
      settle(bed);
      assertThat(contest.found()).isEmpty();
    }
  }

  private static LongStream seeds() {
    String[] given = System.getProperty("lamella.seeds", "11,12").split(",");
    return Stream.of(given).mapToLong(Long::parseLong);
  }

  private static Bed bed(String config) throws Exception {
    Bed bed = new Bed(2, "1g.5gb@0, 1g.5gb@1, 1g.5gb@2, 1g.5gb@3");
    bed.namespace("alpha");
    bed.namespace("beta");
    bed.tenant("alpha", "LatencyCritical", 1000, "{guaranteed: {computeSlices: '3'}}");
    bed.tenant("beta", "BestEffort", 0, "{limit: {computeSlices: '6'}}");
    return bed.withExtender("--config", bed.config(config));
  }

  private static void settle(Bed bed) throws Exception {
    bed.weather.clear();
    bed.awaitSettled();
    bed.awaitLedgerEqualsCluster(bed.extender());
  }

  private static void step(Bed bed, Random random, int i) throws Exception {
    int dice = random.nextInt(10);
    if (dice < 4) {
      bed.pod("beta", "b" + i, random.nextInt(4) == 0 ? WHOLE : SHARE, 1);
    } else if (dice < 5) {
      bed.pod("alpha", "a" + i, WHOLE, 1);
    } else if (dice < 8) {
      List<Pods.Pod> pods = bed.pods().stream().filter(pod -> !pod.terminating()).toList();
      if (!pods.isEmpty()) {
        Pods.Pod one = pods.get(random.nextInt(pods.size()));
        bed.delete(one.namespace(), one.name());
      }
    } else {
      trouble(bed, random);
    }
  }

  private static void trouble(Bed bed, Random random) {
    String words = List.of("POST /binding", "POST /eviction", "*", "PATCH").get(random.nextInt(4));
    Fault fault = FAULTS.get(random.nextInt(FAULTS.size()));
    int times = 1 + random.nextInt(4);
    switch (random.nextInt(5)) {
      case 0 -> bed.weather.watchesExpire(call -> random.nextInt(50) == 0);
      case 1 -> bed.weather.clear();
      case 2 -> bed.weather.before(words, fault, times);
      default -> bed.weather.after(words, fault, times);
    }
  }
}
