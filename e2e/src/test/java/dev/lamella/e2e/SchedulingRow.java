package dev.lamella.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What was measured of one way of scheduling, all rounds. */
final class SchedulingRow {

  private final List<Double> perSecond = new ArrayList<>();
  private final List<Long> atOnce = new ArrayList<>();
  private final List<Long> oneByOne = new ArrayList<>();
  private final Map<String, Long> resident = new TreeMap<>();
  private final Map<String, Long> cpuMillis = new TreeMap<>();
  private long writes;
  private long pods;

  void atOnce(BindTimes times) {
    perSecond.add(times.perSecond());
    atOnce.addAll(times.latenciesMillis());
  }

  void oneByOne(BindTimes times) {
    oneByOne.addAll(times.latenciesMillis());
  }

  void resident(String program, long mebibytes) {
    resident.merge(program, mebibytes, Math::max);
  }

  void cpu(String program, long millis) {
    cpuMillis.merge(program, millis, Long::sum);
  }

  /** By whoever decides, besides events. */
  void wrote(long morePods, long moreWrites) {
    pods += morePods;
    writes += moreWrites;
  }

  long writes() {
    return writes;
  }

  long pods() {
    return pods;
  }

  /** Pods a second of each round. */
  String rounds() {
    return perSecond.stream().map("%.0f"::formatted).collect(Collectors.joining(", "));
  }

  /** Pods a second, the median of the rounds. */
  double median() {
    List<Double> sorted = perSecond.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** The columns of the table, from the rounds on. */
  String cells() {
    return "%s | %.0f | %s | %s | %.2f"
        .formatted(
            rounds(), median(), quantiles(atOnce), quantiles(oneByOne), writes / (double) pods);
  }

  /** A line for each program. */
  String costs() {
    StringBuilder text = new StringBuilder();
    resident.forEach(
        (program, most) ->
            text.append(
                "- %s: at most %d MiB resident, %.1f ms of CPU a pod%n"
                    .formatted(program, most, cpuMillis.get(program) / (double) pods)));
    return text.toString();
  }

  private static String quantiles(List<Long> values) {
    return quantile(values, 0.5) + " / " + quantile(values, 0.99);
  }

  private static long quantile(List<Long> values, double q) {
    List<Long> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.min(sorted.size() - 1, Math.ceil(q * sorted.size()) - 1));
  }
}
