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

/** One decision over the same number of candidates while the cluster grows, half full. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class GrowthBenchmark {

  private static final int CANDIDATES = 100;
  private static final int PODS_PER_NODE = 28;

  @Param({"100", "300", "1000", "3000", "10000"})
  int nodes;

  private Decision decision;

  /** Fills the cluster. */
  @Setup
  public void fill() {
    decision = new Decision(new BenchCluster(nodes, PODS_PER_NODE), CANDIDATES, Decision.Ask.WHOLE);
  }

  /** Filter and score 100 candidates. */
  @Benchmark
  public Map<String, Integer> decision() {
    return decision.scores();
  }
}
