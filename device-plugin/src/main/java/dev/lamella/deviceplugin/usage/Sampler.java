package dev.lamella.deviceplugin.usage;

import dev.lamella.core.inventory.Gpu;
import dev.lamella.core.inventory.Slice;
import dev.lamella.deviceplugin.inventory.Inventory;
import dev.lamella.deviceplugin.inventory.Measuring;
import dev.lamella.deviceplugin.inventory.SliceAddress;
import dev.lamella.deviceplugin.usage.SliceUsage.Processes;
import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.NvmlDevice;
import dev.lamella.nvml.NvmlProcess;
import dev.lamella.nvml.NvmlUtilization;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Measures all slices and boards at intervals. */
public final class Sampler implements Measuring {

  private static final double PERCENT = 100;
  private static final double MILLI = 1000;

  private final Duration every;
  private final boolean podMemory;
  private final HostProcesses host;
  private final InstantSource clock;
  private final Consumer<Sample> onSample;
  private final Answers answers = new Answers();
  private final Activity activity = new Activity(answers);
  private Instant due = Instant.MIN;
  private Set<String> known = Set.of();

  /**
   * @param podMemory whether memory shall be told by pod
   * @param procRoot where the host's procfs is
   * @param onSample told each measurement, on the driver's thread
   */
  public Sampler(
      Duration every,
      boolean podMemory,
      Path procRoot,
      InstantSource clock,
      Consumer<Sample> onSample) {
    this.every = every;
    this.podMemory = podMemory;
    this.host = new HostProcesses(procRoot);
    this.clock = clock;
    this.onSample = onSample;
  }

  @Override
  public Duration measure(Nvml nvml, Inventory inventory, Map<String, NvmlDevice> devices) {
    Instant now = clock.instant();
    boolean another = !devices.keySet().equals(known);
    if (now.isBefore(due) && !another) {
      return Duration.between(now, due);
    }
    known = Set.copyOf(devices.keySet());
    due = now.plus(every);
    onSample.accept(sample(nvml, inventory, devices, now));
    return every;
  }

  @Override
  public void closing() {
    activity.keepOnly(Set.of());
    answers.forget();
    known = Set.of();
    due = Instant.MIN;
    onSample.accept(Sample.NONE);
  }

  private Sample sample(
      Nvml nvml, Inventory inventory, Map<String, NvmlDevice> devices, Instant now) {
    Map<String, SliceUsage> slices = new HashMap<>();
    Map<String, BoardUsage> boards = new HashMap<>();
    boolean attributed = podMemory && host.visible();
    for (Gpu gpu : inventory.gpus()) {
      NvmlDevice board = devices.get(gpu.uuid());
      if (board == null) {
        continue;
      }
      boards.put(gpu.uuid(), board(nvml, gpu, board));
      for (Slice slice : gpu.slices()) {
        NvmlDevice device = devices.get(slice.uuid());
        SliceAddress address = inventory.addresses().get(slice.uuid());
        if (device != null && address != null) {
          Map<String, Double> active = activity.of(nvml, slice.uuid(), address, board);
          slices.put(slice.uuid(), slice(nvml, slice.uuid(), device, attributed, active));
        }
      }
    }
    activity.keepOnly(slices.keySet());
    return new Sample(now, attribution(attributed), slices, boards);
  }

  private Attribution attribution(boolean attributed) {
    if (!podMemory) {
      return Attribution.OFF;
    }
    return attributed ? Attribution.BY_POD : Attribution.NO_HOST_PID;
  }

  private SliceUsage slice(
      Nvml nvml, String uuid, NvmlDevice device, boolean attributed, Map<String, Double> active) {
    Optional<SliceUsage.Memory> memory =
        answers
            .ask("memory of " + uuid, () -> nvml.memory(device))
            .map(m -> new SliceUsage.Memory(m.total(), m.used(), m.free()));
    Processes processes =
        attributed
            ? answers
                .ask("processes of " + uuid, () -> nvml.computeProcesses(device))
                .map(this::byPod)
                .orElse(Processes.NONE)
            : Processes.NONE;
    return SliceUsage.of(memory, processes, active);
  }

  private Processes byPod(List<NvmlProcess> processes) {
    SortedMap<String, Long> pods = new TreeMap<>();
    long others = 0;
    for (NvmlProcess process : processes) {
      long used = process.usedBytes().orElse(0);
      Optional<String> pod = host.podUid(process.pid());
      if (pod.isPresent()) {
        pods.merge(pod.get(), used, Long::sum);
      } else {
        others += used;
      }
    }
    return new Processes(pods, others);
  }

  private BoardUsage board(Nvml nvml, Gpu gpu, NvmlDevice device) {
    String uuid = gpu.uuid();
    Optional<NvmlUtilization> busy =
        gpu.migEnabled()
            ? Optional.empty()
            : answers.ask("utilization of " + uuid, () -> nvml.utilization(device));
    return new BoardUsage(
        number(answers.ask("power of " + uuid, () -> nvml.powerMilliwatts(device) / MILLI)),
        number(answers.ask("temperature of " + uuid, () -> (double) nvml.temperature(device))),
        number(busy.map(b -> b.gpuPercent() / PERCENT)),
        number(busy.map(b -> b.memoryPercent() / PERCENT)));
  }

  private static OptionalDouble number(Optional<Double> value) {
    return value.map(OptionalDouble::of).orElseGet(OptionalDouble::empty);
  }
}
