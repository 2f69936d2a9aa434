package dev.lamella.nvml;

import dev.lamella.core.geometry.Placement;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The part of NVML that Lamella calls. Every method may throw {@link NvmlException}; none is safe
 * to call after {@link #close}. One thread at a time is enough for every caller, besides one that
 * waits in {@link NvmlEvents#next}.
 */
public interface Nvml extends AutoCloseable {

  /** NVIDIA's driver, such as 575.57.08. */
  String driverVersion();

  /** GPUs that NVML knows, including those that cannot be opened. */
  int deviceCount();

  /**
   * @param index from 0 to {@link #deviceCount} - 1; the order may change over a reboot
   */
  NvmlDevice device(int index);

  /** The model's name, such as NVIDIA A100-SXM4-40GB. */
  String name(NvmlDevice device);

  /** The UUID of a GPU (GPU-...) or MIG device (MIG-...). */
  String uuid(NvmlDevice device);

  /** M in /dev/nvidiaM. */
  int minorNumber(NvmlDevice gpu);

  /** The PCI bus id as NVML writes it, such as 00000000:0F:00.0. */
  String pciBusId(NvmlDevice gpu);

  /** Empty where the GPU cannot be cut at all. */
  Optional<MigMode> migMode(NvmlDevice gpu);

  /** How many indexes {@link #migDevice} may be asked; 0 where the GPU cannot be cut. */
  int maxMigDevices(NvmlDevice gpu);

  /** The MIG device at an index; empty for a hole, which is normal. */
  Optional<NvmlDevice> migDevice(NvmlDevice gpu, int index);

  int gpuInstanceId(NvmlDevice migDevice);

  int computeInstanceId(NvmlDevice migDevice);

  MigAttributes attributes(NvmlDevice migDevice);

  /** A GPU instance by its id; needs the right to monitor MIG devices on some drivers. */
  GpuInstance gpuInstance(NvmlDevice gpu, int gpuInstanceId);

  NvmlMemory memory(NvmlDevice device);

  /** Shuts NVML down. */
  @Override
  void close();

  /** NVML's own version, such as 12.575.57.08. */
  String nvmlVersion();

  /** Begins to watch all GPUs for events. The caller closes what it gets, before this. */
  NvmlEvents openEvents();

  /** What the GPU can be cut into, by profile id; empty where MIG is off or not supported. */
  List<GpuInstanceProfile> gpuInstanceProfiles(NvmlDevice gpu);

  /**
   * Where instances of a profile may stand on the empty GPU, ascending.
   *
   * @throws NvmlException NOT_SUPPORTED where MIG is off, INVALID_ARGUMENT for an unknown profile
   */
  List<Placement> possiblePlacements(NvmlDevice gpu, int profileId);

  /** Processes with a compute context on a GPU or MIG device, by PID. */
  List<NvmlProcess> computeProcesses(NvmlDevice device);

  /** What the whole board draws, in milliwatts. */
  int powerMilliwatts(NvmlDevice gpu);

  /** How hot the board's GPU is, in degrees Celsius. */
  int temperature(NvmlDevice gpu);

  /**
   * How busy a GPU is.
   *
   * @throws NvmlException NOT_SUPPORTED where MIG is on
   */
  NvmlUtilization utilization(NvmlDevice gpu);

  /** Whether {@link #gpmSample} works on this GPU: on Hopper and newer. */
  boolean supportsGpm(NvmlDevice gpu);

  /**
   * Takes a sample of a GPU instance, or of a GPU with MIG off. The caller closes it.
   *
   * @param gpuInstanceId empty with MIG off
   * @throws NvmlException NOT_SUPPORTED where {@link #supportsGpm} says so
   */
  GpmSample gpmSample(NvmlDevice gpu, OptionalInt gpuInstanceId);
}
