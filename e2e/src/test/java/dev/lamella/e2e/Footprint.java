package dev.lamella.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What our programs take of the machine, from /proc every few seconds. A program that is killed and
 * started again is another instance: growth is that of one process.
 */
final class Footprint implements Runnable, AutoCloseable {

  private static final long PAUSE_MILLIS = 2_000;

  /** A fresh JVM grows in any case: below this nothing can be said of an instance. */
  private static final int LEAST_SAMPLES = 20;

  private static final int QUARTERS = 4;

  private static final String RECONNECTS = "lamella_node_pod_watch_reconnects_total ";

  /** One look at a process. */
  private record Sample(long residentMiB, long descriptors, long threads) {

    static Sample of(Program program) throws IOException {
      Path proc = Path.of("/proc/" + program.pid());
      return new Sample(
          program.residentMiB(), entries(proc.resolve("fd")), entries(proc.resolve("task")));
    }

    private static long entries(Path folder) throws IOException {
      try (Stream<Path> all = Files.list(folder)) {
        return all.count();
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  }

  private final Cluster cluster;
  private final Supplier<Map<String, Program>> others;
  private final Map<String, Map<Long, List<Sample>>> samples = new TreeMap<>();
  private final Map<Long, Long> reconnects = new TreeMap<>();
  private final Thread thread = new Thread(this, "footprint");
  private volatile boolean ended;

  private Footprint(Cluster cluster, Supplier<Map<String, Program>> others) {
    this.cluster = cluster;
    this.others = others;
    thread.setDaemon(true);
  }

  /**
   * Starts to look.
   *
   * @param others programs of ours besides those of the cluster
   */
  static Footprint start(Cluster cluster, Supplier<Map<String, Program>> others) {
    Footprint footprint = new Footprint(cluster, others);
    footprint.thread.start();
    return footprint;
  }

  @Override
  public void run() {
    while (!ended) {
      cluster.ours().forEach(this::look);
      others.get().forEach(this::look);
      cluster.nodes().values().forEach(this::askForReconnects);
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** A program that is being killed has no /proc any more. */
  private void look(String name, Program program) {
    try {
      Sample sample = Sample.of(program);
      if (sample.residentMiB() > 0) {
        samples
            .computeIfAbsent(name, any -> new LinkedHashMap<>())
            .computeIfAbsent(program.pid(), any -> new ArrayList<>())
            .add(sample);
      }
    } catch (IOException gone) {
      // The next look finds its successor.
    }
  }

  /** Counted by each instance of a daemon for itself. */
  private void askForReconnects(Node node) {
    long pid = node.plugin().pid();
    try {
      Web.get(node.metrics())
          .lines()
          .filter(line -> line.startsWith(RECONNECTS))
          .forEach(line -> reconnects.put(pid, number(line)));
    } catch (IOException away) {
      // The next look finds its successor.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long number(String line) {
    return (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }

  /** How often the daemons' watches on pods broke off, all instances together. */
  long reconnects() {
    return reconnects.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Of each program the instance that lived longest: medians of each quarter of its life. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    samples.forEach(
        (name, instances) -> {
          List<Sample> longest =
              instances.values().stream().max(Comparator.comparing(List::size)).orElseThrow();
          if (longest.size() >= LEAST_SAMPLES) {
            lines.add(
                "%s (%d instances, the longest %d s): %s MiB, %s file descriptors, %s threads"
                    .formatted(
                        name,
                        instances.size(),
                        longest.size() * PAUSE_MILLIS / 1000,
                        change(longest, Sample::residentMiB),
                        change(longest, Sample::descriptors),
                        change(longest, Sample::threads)));
          }
        });
    return lines;
  }

  private static String change(List<Sample> all, ToLongFunction<Sample> value) {
    List<String> medians = new ArrayList<>();
    for (int quarter = 0; quarter < QUARTERS; quarter++) {
      int from = all.size() * quarter / QUARTERS;
      int to = all.size() * (quarter + 1) / QUARTERS;
      medians.add(Long.toString(median(all.subList(from, to), value)));
    }
    return String.join(" -> ", medians);
  }

  private static long median(List<Sample> some, ToLongFunction<Sample> value) {
    return some.stream().mapToLong(value).sorted().skip(some.size() / 2).findFirst().orElseThrow();
  }

  @Override
  public void close() {
    ended = true;
    thread.interrupt();
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
