package dev.lamella.simulator.bench;

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
@BenchmarkMode(Mode.SampleTime)
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

  @Param("5000")
  int nodes;

  @Param("500")
  int candidates;

  @Param Fill fill;

  @Param Decision.Ask ask;

  private Decision decision;

  /** Fills the cluster. */
  @Setup
  public void fill() {
    decision = new Decision(new BenchCluster(nodes, fill.podsPerNode), candidates, ask);
  }

  /** What filter and prioritize ask of the core, one after the other. */
  @Benchmark
  public Map<String, Integer> decision() {
    return decision.scores();
  }
}
