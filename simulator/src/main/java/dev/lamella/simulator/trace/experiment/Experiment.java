package dev.lamella.simulator.trace.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** Carries out runs on a few threads; the result does not depend on how many. */
public final class Experiment {

  private final int threads;

  public Experiment(int threads) {
    this.threads = threads;
  }

  /**
   * The series of all runs, in the order in which mix, policy and metric first occur.
   *
   * @param done told the number of finished runs, from 1 to all
   */
  public List<Series> series(String preset, List<Run> runs, IntConsumer done)
      throws InterruptedException {
    List<List<Run.Measure>> measures = measure(runs, done);
    Map<Key, List<Double>> bySeed = new LinkedHashMap<>();
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      for (Run.Measure measure : measures.get(i)) {
        bySeed
            .computeIfAbsent(
                new Key(run.mix(), run.policy(), measure.metric()), key -> new ArrayList<>())
            .add(measure.percent());
      }
    }
    List<Series> series = new ArrayList<>();
    bySeed.forEach((k, v) -> series.add(new Series(preset, k.mix, k.policy, k.metric, v)));
    return List.copyOf(series);
  }

  private List<List<Run.Measure>> measure(List<Run> runs, IntConsumer done)
      throws InterruptedException {
    ExecutorService workers = Executors.newFixedThreadPool(threads, Experiment::worker);
    try {
      List<Future<List<Run.Measure>>> waiting = new ArrayList<>();
      for (Run run : runs) {
        waiting.add(workers.submit(() -> run.work().get()));
      }
      List<List<Run.Measure>> measures = new ArrayList<>();
      for (Future<List<Run.Measure>> next : waiting) {
        measures.add(result(next));
        done.accept(measures.size());
      }
      return measures;
    } finally {
      workers.shutdownNow();
    }
  }

  private static List<Run.Measure> result(Future<List<Run.Measure>> run)
      throws InterruptedException {
    try {
      return run.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException broken
          ? broken
          : new IllegalStateException("a run failed", e.getCause());
    }
  }

  private static Thread worker(Runnable work) {
    Thread thread = new Thread(work, "simulate");
    thread.setDaemon(true);
    return thread;
  }

  private record Key(String mix, String policy, String metric) {}
}
