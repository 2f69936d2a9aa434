package dev.lamella.extender.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.api.GpuNodeSpec;
import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.explain.Viewer;
import dev.lamella.core.ledger.Event;
import dev.lamella.core.ledger.GpuNodeFact;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.extender.Await;
import dev.lamella.extender.config.ExtenderConfig;
import dev.lamella.extender.decide.ClusterAccounts;
import dev.lamella.extender.decide.LedgerOwner;
import dev.lamella.extender.decide.Verbs;
import dev.lamella.extender.explain.RememberedViewer;
import dev.lamella.extender.http.ExtenderServer;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Five hundred nodes of eight GPUs with seven slices each, and many who watch them; prints what
 * that costs.
 */
class ListenersTest {

  private static final int NODES = 500;
  private static final int GPUS = 8;
  private static final int SLICES = 7;
  private static final int LISTENERS = 50;
  private static final int CHANGES = 8;

  @Test
  void holdsUpAtFiveHundredNodes() throws Exception {
    LedgerOwner owner = new LedgerOwner();
    for (int i = 0; i < NODES; i++) {
      owner.accept(report("n%03d".formatted(i), SLICES, 1));
    }
    Await.until("seen", () -> owner.snapshot().nodes().size() == NODES);
    Verbs verbs = new Verbs(owner, PlacementPolicy.PACK, Clock.systemUTC());
    ClusterAccounts accounts =
        new ClusterAccounts(owner, verbs, List::of, PlacementPolicy.PACK, Clock.systemUTC());
    PageEndpoints page =
        new PageEndpoints(
            accounts,
            e ->
                e.header("Sees")
                    .<Viewer>map(s -> new RememberedViewer((n, p) -> s.equals(n)))
                    .orElse(Viewer.ALL),
            () -> true,
            Pace.of(LISTENERS, 300),
            "now");
    List<EventCounter> readers = new ArrayList<>();
    try (ExtenderServer server =
        ExtenderServer.start(
            new InetSocketAddress("127.0.0.1", 0), ExtenderConfig.DEFAULTS, page.all())) {
      long began = System.nanoTime();
      for (int i = 0; i < LISTENERS; i++) {
        readers.add(
            i % 5 == 0
                ? new EventCounter(server.uri(), "Sees: alpha")
                : new EventCounter(server.uri()));
      }
      Await.until("all have everything", () -> readers.stream().allMatch(r -> r.events() > 0));
      long whole = millisSince(began);
      long bytes = readers.get(1).bytes();
      long threads = threads();
      List<Long> delays = new ArrayList<>();
      for (int i = 0; i < CHANGES; i++) {
        delays.add(change(owner, readers, i));
      }
      System.out.printf(
          "%d nodes, %d slices, %d listeners (a fifth with rights of their own): everything in %d ms,"
              + " %d KiB each; a change reaches all in %s ms, %d B each; %d threads%n",
          NODES,
          NODES * GPUS * SLICES,
          LISTENERS,
          whole,
          bytes >> 10,
          delays,
          (readers.get(1).bytes() - bytes) / CHANGES,
          threads);
      assertThat(threads).as("threads for %d listeners", LISTENERS).isLessThan(6);
      assertThat(delays).allSatisfy(delay -> assertThat(delay).isLessThan(10_000));
    } finally {
      page.close();
      for (EventCounter reader : readers) {
        reader.close();
      }
      owner.close();
    }
  }

  /** The feed's own, and those of the server that are at work for it. */
  private static long threads() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(
            thread ->
                thread.getKey().getName().startsWith("state-")
                    || Arrays.stream(thread.getValue())
                        .anyMatch(at -> at.getClassName().endsWith(".StateFeed")))
        .count();
  }

  private static Event report(String node, int slices, long version) {
    List<GpuStatus> gpus =
        IntStream.range(0, GPUS)
            .mapToObj(
                gpu ->
                    new GpuStatus(
                        "GPU-" + node + "-" + gpu,
                        "A100-SXM4-40GB",
                        true,
                        null,
                        IntStream.range(0, slices)
                            .mapToObj(
                                i ->
                                    new SliceStatus(
                                        "MIG-%s-%d-%d".formatted(node, gpu, i),
                                        "1g.5gb",
                                        1,
                                        4864,
                                        i,
                                        1,
                                        "Healthy",
                                        "Free",
                                        4,
                                        List.of()))
                            .toList()))
            .toList();
    GpuNodeStatus status = new GpuNodeStatus(true, "575", Long.toString(version), gpus, List.of());
    return new Event.GpuNodeSeen(
        new GpuNodeFact(node, version, new GpuNodeSpec(List.of()), status));
  }

  /** How long until everybody knows of a change, in milliseconds. */
  private static long change(LedgerOwner owner, List<EventCounter> readers, int number) {
    List<Integer> had = readers.stream().map(reader -> reader.events()).toList();
    long began = System.nanoTime();
    owner.accept(report("n%03d".formatted(number * 7), SLICES - 1, 50 + number));
    Await.until(
        "all know",
        () -> {
          for (int i = 0; i < readers.size(); i++) {
            if (readers.get(i).events() == had.get(i)) {
              return false;
            }
          }
          return true;
        });
    return millisSince(began);
  }

  private static long millisSince(long began) {
    return (System.nanoTime() - began) / 1_000_000;
  }
}
