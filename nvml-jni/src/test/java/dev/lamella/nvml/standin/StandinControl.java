package dev.lamella.nvml.standin;

import dev.lamella.nvml.GpmSample;
import dev.lamella.nvml.GpuInstance;
import dev.lamella.nvml.GpuInstanceProfile;
import dev.lamella.nvml.MigAttributes;
import dev.lamella.nvml.MigMode;
import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.NvmlDevice;
import dev.lamella.nvml.NvmlEvent;
import dev.lamella.nvml.NvmlMemory;
import dev.lamella.nvml.NvmlProcess;
import dev.lamella.nvml.NvmlStatus;
import dev.lamella.nvml.NvmlUtilization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * Writes a stand-in's control file; the directives are described at the head of nvml_standin.c. A
 * library sees the new file at its next call.
 */
public final class StandinControl {

  private final StringBuilder text = new StringBuilder();

  /** What another NVML says, with MIG devices at the same indexes. */
  public static StandinControl of(Nvml source) {
    return of(source, 0);
  }

  /**
   * What another NVML says.
   *
   * @param holes indexes left empty before each GPU's first MIG device
   */
  public static StandinControl of(Nvml source, int holes) {
    StandinControl control = new StandinControl();
    control.line("driver " + source.driverVersion());
    control.line("nvml " + source.nvmlVersion());
    for (int i = 0; i < source.deviceCount(); i++) {
      control.gpu(source, source.device(i), holes);
    }
    return control;
  }

  /** One directive. */
  public StandinControl line(String directive) {
    text.append(directive).append('\n');
    return this;
  }

  /** Makes a function answer a status. */
  public StandinControl answer(String function, NvmlStatus status) {
    return line("answer " + function + " " + status.code());
  }

  /** Makes a function take its time; long enough, it hangs until the file no longer says so. */
  public StandinControl delay(String function, Duration duration) {
    return line("delay " + function + " " + duration.toMillis());
  }

  /** Reports an event, after all before it; -1 as an instance's id means the whole GPU. */
  public StandinControl event(
      int gpuIndex, NvmlEvent.Type type, long data, int gpuInstance, int computeInstance) {
    return line(
        "event %d %d %d %s %s"
            .formatted(
                gpuIndex,
                type.bit(),
                data,
                Integer.toUnsignedString(gpuInstance),
                Integer.toUnsignedString(computeInstance)));
  }

  /** Where the first GPU is on the bus. */
  public StandinControl bus(String id) {
    int at = text.indexOf("  bus ");
    text.replace(at, text.indexOf("\n", at), "  bus " + id);
    return this;
  }

  /** What it says with one piece of text for another, which must occur. */
  public StandinControl replace(String old, String now) {
    int at = text.indexOf(old);
    if (at < 0) {
      throw new IllegalArgumentException("\"" + old + "\" is not in " + text);
    }
    text.replace(at, at + old.length(), now);
    return this;
  }

  /** Replaces the control file of a library in one step. */
  public void writeFor(Path library) {
    Path file = library.resolveSibling(library.getFileName() + ".control");
    Path next = library.resolveSibling(library.getFileName() + ".control.next");
    try {
      Files.writeString(next, text);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void gpu(Nvml source, NvmlDevice gpu, int holes) {
    line("gpu");
    line("  name " + source.name(gpu));
    line("  uuid " + source.uuid(gpu));
    line("  minor " + source.minorNumber(gpu));
    line("  bus " + source.pciBusId(gpu));
    memory(source.memory(gpu));
    source
        .migMode(gpu)
        .ifPresent(mode -> line("  mode " + bit(mode.enabled()) + " " + bit(mode.pending())));
    line("  maxmig " + source.maxMigDevices(gpu));
    board(source, gpu);
    geometry(source, gpu);
    for (int i = 0; i < source.maxMigDevices(gpu); i++) {
      int index = i + holes;
      source.migDevice(gpu, i).ifPresent(slice -> slice(source, gpu, slice, index));
    }
  }

  private void board(Nvml source, NvmlDevice gpu) {
    boolean cut = source.migMode(gpu).map(MigMode::enabled).orElse(false);
    line("  power " + source.powerMilliwatts(gpu));
    line("  temperature " + source.temperature(gpu));
    if (!cut) {
      NvmlUtilization busy = source.utilization(gpu);
      line("  utilization " + busy.gpuPercent() + " " + busy.memoryPercent());
    }
    processes(source.computeProcesses(gpu));
    if (source.supportsGpm(gpu)) {
      line("  gpm");
      activity(source, gpu, OptionalInt.empty());
    }
  }

  private void processes(List<NvmlProcess> processes) {
    for (NvmlProcess each : processes) {
      String used = Long.toUnsignedString(each.usedBytes().orElse(-1));
      line("  process " + each.pid() + " " + used);
    }
  }

  private void activity(Nvml source, NvmlDevice gpu, OptionalInt instance) {
    try (GpmSample sample = source.gpmSample(gpu, instance)) {
      sample
          .since(sample)
          .forEach((metric, percent) -> line("  activity " + metric.id() + " " + percent));
    }
  }

  private void geometry(Nvml source, NvmlDevice gpu) {
    List<GpuInstanceProfile> profiles = source.gpuInstanceProfiles(gpu);
    for (int number = 0; number < profiles.size(); number++) {
      GpuInstanceProfile has = profiles.get(number);
      line(
          "  profile %d %d %d %d 0 %d"
              .formatted(
                  number, has.id(), has.computeSlices(), has.maxInstances(), has.memoryMiB()));
      source
          .possiblePlacements(gpu, has.id())
          .forEach(at -> line("  possible %d %d %d".formatted(has.id(), at.start(), at.size())));
    }
  }

  private void slice(Nvml source, NvmlDevice gpu, NvmlDevice slice, int index) {
    GpuInstance instance = source.gpuInstance(gpu, source.gpuInstanceId(slice));
    MigAttributes has = source.attributes(slice);
    line("mig " + index);
    line("  name " + source.name(slice));
    line("  uuid " + source.uuid(slice));
    memory(source.memory(slice));
    processes(source.computeProcesses(slice));
    if (source.supportsGpm(gpu)) {
      activity(source, gpu, OptionalInt.of(instance.id()));
    }
    line("  instance %d %d".formatted(instance.id(), source.computeInstanceId(slice)));
    line(
        "  placed %d %d %d"
            .formatted(
                instance.profileId(), instance.placement().start(), instance.placement().size()));
    line(
        "  attributes %d %d %d %d %d %d %d %d %d"
            .formatted(
                has.multiprocessors(),
                has.copyEngines(),
                has.decoders(),
                has.encoders(),
                has.jpegEngines(),
                has.opticalFlow(),
                has.gpuInstanceSlices(),
                has.computeInstanceSlices(),
                has.memoryMiB()));
  }

  private void memory(NvmlMemory memory) {
    line("  memory " + memory.total() + " " + memory.used());
  }

  private static int bit(boolean value) {
    return value ? 1 : 0;
  }
}
