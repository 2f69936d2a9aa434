package dev.lamella.nvml.simulated;

import dev.lamella.core.geometry.PlacedProfile;
import dev.lamella.core.geometry.Placement;
import dev.lamella.nvml.GpmSample;
import dev.lamella.nvml.GpuInstance;
import dev.lamella.nvml.GpuInstanceProfile;
import dev.lamella.nvml.MigAttributes;
import dev.lamella.nvml.MigMode;
import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.NvmlDevice;
import dev.lamella.nvml.NvmlEvent;
import dev.lamella.nvml.NvmlEvents;
import dev.lamella.nvml.NvmlException;
import dev.lamella.nvml.NvmlMemory;
import dev.lamella.nvml.NvmlProcess;
import dev.lamella.nvml.NvmlStatus;
import dev.lamella.nvml.NvmlUtilization;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * NVML over a node of a layout. A GPU's minor number is its index; MIG devices have the order of
 * their placements as index; everything else is said at {@link SimulatedGpu}.
 *
 * <p>A handle is {@code (1 + GPU) * 256}, plus {@code 1 + index} for a MIG device.
 */
public final class SimulatedNvml implements Nvml {

  private static final String DRIVER_VERSION = "575.57.08";
  private static final int HANDLE_STEP = 256;

  private final List<SimulatedGpu> gpus;
  private final List<SimulatedEvents> events = new CopyOnWriteArrayList<>();
  private final SimulatedLoad load = new SimulatedLoad();
  private volatile boolean closed;

  private SimulatedNvml(List<SimulatedGpu> gpus) {
    this.gpus = gpus;
  }

  public static SimulatedNvml of(NodeLayout node) {
    return new SimulatedNvml(
        IntStream.range(0, node.gpus().size())
            .mapToObj(index -> new SimulatedGpu(node.name(), index, node.gpus().get(index)))
            .toList());
  }

  @Override
  public String driverVersion() {
    open("nvmlSystemGetDriverVersion");
    return DRIVER_VERSION;
  }

  @Override
  public int deviceCount() {
    open("nvmlDeviceGetCount_v2");
    return gpus.size();
  }

  @Override
  public NvmlDevice device(int index) {
    open("nvmlDeviceGetHandleByIndex_v2");
    if (index < 0 || index >= gpus.size()) {
      throw new NvmlException("nvmlDeviceGetHandleByIndex_v2", NvmlStatus.INVALID_ARGUMENT);
    }
    return new NvmlDevice((index + 1L) * HANDLE_STEP);
  }

  @Override
  public String name(NvmlDevice device) {
    return either("nvmlDeviceGetName", device, SimulatedGpu::name, SimulatedGpu::name);
  }

  @Override
  public String uuid(NvmlDevice device) {
    return either("nvmlDeviceGetUUID", device, SimulatedGpu::uuid, SimulatedGpu::uuid);
  }

  @Override
  public int minorNumber(NvmlDevice gpu) {
    return gpu("nvmlDeviceGetMinorNumber", gpu).index();
  }

  @Override
  public String pciBusId(NvmlDevice gpu) {
    return gpu("nvmlDeviceGetPciInfo_v3", gpu).pciBusId();
  }

  @Override
  public Optional<MigMode> migMode(NvmlDevice gpu) {
    SimulatedGpu found = gpu("nvmlDeviceGetMigMode", gpu);
    boolean enabled = found.layout().migEnabled();
    return found.board().supportsMig()
        ? Optional.of(new MigMode(enabled, enabled))
        : Optional.empty();
  }

  @Override
  public int maxMigDevices(NvmlDevice gpu) {
    SimulatedGpu found = gpu("nvmlDeviceGetMaxMigDeviceCount", gpu);
    return found.layout().migEnabled() ? found.board().computeSlices() : 0;
  }

  @Override
  public Optional<NvmlDevice> migDevice(NvmlDevice gpu, int index) {
    SimulatedGpu found = gpu("nvmlDeviceGetMigDeviceHandleByIndex", gpu);
    return index >= 0 && index < found.slices().size()
        ? Optional.of(new NvmlDevice(gpu.handle() + 1 + index))
        : Optional.empty();
  }

  @Override
  public int gpuInstanceId(NvmlDevice migDevice) {
    String call = "nvmlDeviceGetGpuInstanceId";
    slice(call, migDevice);
    return gpuOf(call, migDevice).instanceId(migIndex(migDevice));
  }

  @Override
  public int computeInstanceId(NvmlDevice migDevice) {
    slice("nvmlDeviceGetComputeInstanceId", migDevice);
    return 0;
  }

  @Override
  public MigAttributes attributes(NvmlDevice migDevice) {
    String call = "nvmlDeviceGetAttributes_v2";
    return gpuOf(call, migDevice).attributes(slice(call, migDevice));
  }

  @Override
  public GpuInstance gpuInstance(NvmlDevice gpu, int gpuInstanceId) {
    String call = "nvmlDeviceGetGpuInstanceById";
    SimulatedGpu found = gpu(call, gpu);
    return IntStream.range(0, found.slices().size())
        .mapToObj(found::instance)
        .filter(instance -> instance.id() == gpuInstanceId)
        .findFirst()
        .orElseThrow(() -> new NvmlException(call, NvmlStatus.NOT_FOUND));
  }

  @Override
  public NvmlMemory memory(NvmlDevice device) {
    NvmlMemory idle =
        either("nvmlDeviceGetMemoryInfo", device, SimulatedGpu::memory, SimulatedGpu::memory);
    long used = Math.min(idle.total(), load.usedBytes(uuid(device)));
    return new NvmlMemory(idle.total(), idle.total() - used, used);
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public String nvmlVersion() {
    open("nvmlSystemGetNVMLVersion");
    return "12." + DRIVER_VERSION;
  }

  @Override
  public NvmlEvents openEvents() {
    open("nvmlEventSetCreate");
    SimulatedEvents opened = new SimulatedEvents();
    events.add(opened);
    return opened;
  }

  /** Reports an event to everyone who watches. */
  public void raise(NvmlEvent event) {
    events.forEach(watcher -> watcher.raise(event));
  }

  /** What runs on the devices from now on: nothing at first. */
  public SimulatedLoad load() {
    return load;
  }

  @Override
  public List<NvmlProcess> computeProcesses(NvmlDevice device) {
    open("nvmlDeviceGetComputeRunningProcesses_v3");
    return load.processes(uuid(device));
  }

  @Override
  public int powerMilliwatts(NvmlDevice gpu) {
    return load.powerMilliwatts(gpu("nvmlDeviceGetPowerUsage", gpu).uuid());
  }

  @Override
  public int temperature(NvmlDevice gpu) {
    return load.temperature(gpu("nvmlDeviceGetTemperature", gpu).uuid());
  }

  @Override
  public NvmlUtilization utilization(NvmlDevice gpu) {
    String call = "nvmlDeviceGetUtilizationRates";
    SimulatedGpu found = gpu(call, gpu);
    if (found.layout().migEnabled()) {
      throw new NvmlException(call, NvmlStatus.NOT_SUPPORTED);
    }
    return load.utilization(found.uuid());
  }

  @Override
  public boolean supportsGpm(NvmlDevice gpu) {
    return gpu("nvmlGpmQueryDeviceSupport", gpu).supportsGpm();
  }

  @Override
  public GpmSample gpmSample(NvmlDevice gpu, OptionalInt gpuInstanceId) {
    String call = gpuInstanceId.isPresent() ? "nvmlGpmMigSampleGet" : "nvmlGpmSampleGet";
    SimulatedGpu found = gpu(call, gpu);
    if (!found.supportsGpm()) {
      throw new NvmlException(call, NvmlStatus.NOT_SUPPORTED);
    }
    if (gpuInstanceId.isEmpty()) {
      return load.sample(found.uuid());
    }
    return IntStream.range(0, found.slices().size())
        .filter(index -> found.instanceId(index) == gpuInstanceId.getAsInt())
        .mapToObj(index -> load.sample(found.uuid(found.slices().get(index))))
        .findFirst()
        .orElseThrow(() -> new NvmlException(call, NvmlStatus.INVALID_ARGUMENT));
  }

  @Override
  public List<GpuInstanceProfile> gpuInstanceProfiles(NvmlDevice gpu) {
    return gpu("nvmlDeviceGetGpuInstanceProfileInfo", gpu).profiles();
  }

  @Override
  public List<Placement> possiblePlacements(NvmlDevice gpu, int profileId) {
    String call = "nvmlDeviceGetGpuInstancePossiblePlacements_v2";
    SimulatedGpu found = gpu(call, gpu);
    if (!found.layout().migEnabled()) {
      throw new NvmlException(call, NvmlStatus.NOT_SUPPORTED);
    }
    return found
        .placements(profileId)
        .orElseThrow(() -> new NvmlException(call, NvmlStatus.INVALID_ARGUMENT));
  }

  private <T> T either(
      String call,
      NvmlDevice device,
      Function<SimulatedGpu, T> ofGpu,
      BiFunction<SimulatedGpu, PlacedProfile, T> ofSlice) {
    SimulatedGpu gpu = gpuOf(call, device);
    return migIndex(device) < 0 ? ofGpu.apply(gpu) : ofSlice.apply(gpu, slice(call, device));
  }

  /** The GPU of a handle that is not a MIG device's. */
  private SimulatedGpu gpu(String call, NvmlDevice device) {
    SimulatedGpu gpu = gpuOf(call, device);
    if (migIndex(device) >= 0) {
      throw new NvmlException(call, NvmlStatus.INVALID_ARGUMENT, "this is a MIG device");
    }
    return gpu;
  }

  private SimulatedGpu gpuOf(String call, NvmlDevice device) {
    open(call);
    long index = device.handle() / HANDLE_STEP - 1;
    if (index < 0 || index >= gpus.size()) {
      throw new NvmlException(call, NvmlStatus.INVALID_ARGUMENT, "no such device");
    }
    return gpus.get((int) index);
  }

  private PlacedProfile slice(String call, NvmlDevice device) {
    List<PlacedProfile> slices = gpuOf(call, device).slices();
    int index = migIndex(device);
    if (index < 0 || index >= slices.size()) {
      throw new NvmlException(call, NvmlStatus.INVALID_ARGUMENT, "no such MIG device");
    }
    return slices.get(index);
  }

  private static int migIndex(NvmlDevice device) {
    return (int) (device.handle() % HANDLE_STEP) - 1;
  }

  private void open(String call) {
    if (closed) {
      throw new NvmlException(call, NvmlStatus.UNINITIALIZED);
    }
  }
}
