package dev.lamella.nvml.simulated;

import dev.lamella.nvml.GpmMetric;
import dev.lamella.nvml.GpmSample;
import dev.lamella.nvml.NvmlProcess;
import dev.lamella.nvml.NvmlUtilization;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What runs on simulated devices, by their UUIDs. Boards that nobody set anything for are idle. For
 * several threads.
 */
public final class SimulatedLoad {

  private static final int IDLE_MILLIWATTS = 50_000;
  private static final int IDLE_CELSIUS = 30;
  private static final double IDLE = 0;

  private final Map<String, List<NvmlProcess>> processes = new ConcurrentHashMap<>();
  private final Map<String, SortedMap<GpmMetric, Double>> activity = new ConcurrentHashMap<>();
  private final Map<String, NvmlUtilization> utilization = new ConcurrentHashMap<>();
  private final Map<String, Integer> milliwatts = new ConcurrentHashMap<>();
  private final Map<String, Integer> celsius = new ConcurrentHashMap<>();

  SimulatedLoad() {}

  /** The processes of a device, which use its memory. */
  public SimulatedLoad run(String uuid, NvmlProcess... running) {
    List<NvmlProcess> sorted = new ArrayList<>(List.of(running));
    sorted.sort(Comparator.comparingInt(NvmlProcess::pid));
    processes.put(uuid, List.copyOf(sorted));
    return this;
  }

  /** What samples of a device tell, in percent; what is left out cannot be told. */
  public SimulatedLoad activity(String uuid, Map<GpmMetric, Double> percent) {
    activity.put(uuid, new TreeMap<>(percent));
    return this;
  }

  /** How busy a GPU with MIG off is. */
  public SimulatedLoad utilization(String uuid, NvmlUtilization percent) {
    utilization.put(uuid, percent);
    return this;
  }

  /** What a board draws, in milliwatts, and how hot it is, in degrees Celsius. */
  public SimulatedLoad board(String uuid, int powerMilliwatts, int temperature) {
    milliwatts.put(uuid, powerMilliwatts);
    celsius.put(uuid, temperature);
    return this;
  }

  List<NvmlProcess> processes(String uuid) {
    return processes.getOrDefault(uuid, List.of());
  }

  long usedBytes(String uuid) {
    return processes(uuid).stream().mapToLong(process -> process.usedBytes().orElse(0)).sum();
  }

  NvmlUtilization utilization(String uuid) {
    return utilization.getOrDefault(uuid, new NvmlUtilization(0, 0));
  }

  int powerMilliwatts(String uuid) {
    return milliwatts.getOrDefault(uuid, IDLE_MILLIWATTS);
  }

  int temperature(String uuid) {
    return celsius.getOrDefault(uuid, IDLE_CELSIUS);
  }

  GpmSample sample(String uuid) {
    SortedMap<GpmMetric, Double> now = activity.getOrDefault(uuid, idle());
    return new GpmSample() {
      @Override
      public SortedMap<GpmMetric, Double> since(GpmSample earlier) {
        return new TreeMap<>(now);
      }

      @Override
      public void close() {}
    };
  }

  private static SortedMap<GpmMetric, Double> idle() {
    SortedMap<GpmMetric, Double> idle = new TreeMap<>();
    for (GpmMetric metric : GpmMetric.values()) {
      idle.put(metric, IDLE);
    }
    return idle;
  }
}
