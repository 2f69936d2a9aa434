package dev.lamella.simulator.bench;

import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.ledger.Event;
import dev.lamella.core.ledger.Ledger;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.ledger.Snapshot;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the ledger does for a bind and its end: 5,000 nodes, four pods on each. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LedgerBenchmark {

  @Param("5000")
  int nodes;

  @Param("4")
  int podsPerNode;

  private Ledger ledger;
  private BenchCluster cluster;
  private long turn;

  /** Fills the cluster. */
  @Setup
  public void fill() {
    cluster = new BenchCluster(nodes, podsPerNode);
    ledger = cluster.ledger();
  }

  /** A pod is seen and bound, then deleted; a snapshot after each. */
  @Benchmark
  public Snapshot bindAndGone() {
    int node = (int) (turn % nodes);
    PodFact pod = cluster.pending("beta", "q" + turn++, BenchCluster.WHOLE, 1);
    ledger.apply(new Event.PodSeen(pod));
    List<String> slice = List.of(BenchCluster.uuid(node, podsPerNode));
    Held held = Held.whole(BenchCluster.WHOLE, slice);
    ledger.bind(pod, BenchCluster.name(node), new Assignment(turn, List.of(held)));
    ledger.snapshot();
    ledger.unbind(pod.ref().uid());
    ledger.apply(new Event.PodGone(pod.ref().uid(), cluster.nextVersion()));
    return ledger.snapshot();
  }
}
