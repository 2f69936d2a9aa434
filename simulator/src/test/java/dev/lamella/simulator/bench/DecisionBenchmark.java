package dev.lamella.simulator.bench;

import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.placement.Fit;
import dev.lamella.core.placement.NodeScores;
import dev.lamella.core.placement.PodPlacer;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.placement.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

/** One decision: filter and score 500 candidates of a cluster, for one pod. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecisionBenchmark {

  private static final int SLICES_PER_NODE = 56;

  /** How much of each node is held. */
  public enum Fill {
    HALF(SLICES_PER_NODE / 2),
    FULL(SLICES_PER_NODE);

    private final int podsPerNode;

    Fill(int podsPerNode) {
      this.podsPerNode = podsPerNode;
    }
  }

  /** What the pod asks for. */
  public enum Ask {
    WHOLE,
    SHARE
  }

  @Param("5000")
  int nodes;

  @Param("500")
  int candidates;

  @Param Fill fill;

  @Param Ask ask;

  private Snapshot snapshot;
  private List<String> offered;
  private PodFact pod;

  /** Fills the cluster. */
  @Setup
  public void fill() {
    BenchCluster cluster = new BenchCluster(nodes, fill.podsPerNode);
    snapshot = cluster.ledger().snapshot();
    offered = cluster.candidates(candidates);
    pod =
        ask == Ask.WHOLE
            ? cluster.pending("alpha", "q", BenchCluster.WHOLE, 1)
            : cluster.pending("beta", "q", BenchCluster.SHARE, 1);
  }

  /** What filter and prioritize ask of the core, one after the other. */
  @Benchmark
  public Map<String, Integer> decision() {
    PodPlacer filter = PodPlacer.of(PodRequest.of(pod, Long.MAX_VALUE), snapshot);
    List<String> feasible = new ArrayList<>();
    for (String node : offered) {
      if (filter.place(node) instanceof Verdict.Fits) {
        feasible.add(node);
      }
    }
    PodPlacer prioritize = PodPlacer.of(PodRequest.of(pod, Long.MAX_VALUE), snapshot);
    List<Fit> fits = new ArrayList<>();
    for (String node : feasible) {
      if (prioritize.place(node) instanceof Verdict.Fits yes) {
        fits.add(yes.fit());
      }
    }
    return NodeScores.of(fits);
  }
}
