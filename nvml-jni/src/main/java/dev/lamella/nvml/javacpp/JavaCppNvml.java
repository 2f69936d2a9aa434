package dev.lamella.nvml.javacpp;

import dev.lamella.core.geometry.Placement;
import dev.lamella.nvml.GpmSample;
import dev.lamella.nvml.GpuInstance;
import dev.lamella.nvml.GpuInstanceProfile;
import dev.lamella.nvml.MigAttributes;
import dev.lamella.nvml.MigMode;
import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.NvmlDevice;
import dev.lamella.nvml.NvmlEvents;
import dev.lamella.nvml.NvmlException;
import dev.lamella.nvml.NvmlMemory;
import dev.lamella.nvml.NvmlProcess;
import dev.lamella.nvml.NvmlStatus;
import dev.lamella.nvml.NvmlUtilization;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.cuda.global.nvml;
import org.bytedeco.cuda.nvml.nvmlDeviceAttributes_t;
import org.bytedeco.cuda.nvml.nvmlGpuInstanceInfo_t;
import org.bytedeco.cuda.nvml.nvmlMemory_t;
import org.bytedeco.cuda.nvml.nvmlPciInfo_t;

/**
 * NVIDIA's NVML. A JVM can be bound to one library only; NVML itself may be opened, closed and
 * opened again. Handles outlive nothing: they end with {@link #close}.
 */
public final class JavaCppNvml implements Nvml {

  private final NativeCalls calls;
  private final AtomicBoolean closed = new AtomicBoolean();

  private JavaCppNvml(NativeCalls calls) {
    this.calls = calls;
  }

  /**
   * The system's libnvidia-ml.so.1, as the dynamic linker finds it.
   *
   * @throws NvmlException LIBRARY_NOT_FOUND without a driver; what nvmlInit_v2 answers otherwise,
   *     such as LIB_RM_VERSION_MISMATCH after the driver was replaced under this process
   */
  public static Nvml open() {
    return open(NativeLibraries.SYSTEM_LIBRARY);
  }

  /**
   * A library at a path: one below a driver root, or a stand-in. Its soname does not matter.
   *
   * @throws NvmlException as {@link #open()}; INVALID_STATE if this JVM is bound to another library
   */
  public static Nvml open(Path library) {
    return open(library.toAbsolutePath().normalize().toString());
  }

  private static Nvml open(String library) {
    NativeLibraries.bind(library);
    NativeCalls calls = new NativeCalls();
    calls.call("nvmlInit_v2", nvml::nvmlInit_v2);
    return new JavaCppNvml(calls);
  }

  @Override
  public String driverVersion() {
    return calls.text("nvmlSystemGetDriverVersion", nvml::nvmlSystemGetDriverVersion);
  }

  @Override
  public int deviceCount() {
    return calls.number("nvmlDeviceGetCount_v2", nvml::nvmlDeviceGetCount_v2);
  }

  @Override
  public NvmlDevice device(int index) {
    return new NvmlDevice(
        calls.handle(
            "nvmlDeviceGetHandleByIndex_v2",
            out -> nvml.nvmlDeviceGetHandleByIndex_v2(index, out)));
  }

  @Override
  public String name(NvmlDevice device) {
    var handle = NativeCalls.device(device.handle());
    return calls.text(
        "nvmlDeviceGetName", (buffer, length) -> nvml.nvmlDeviceGetName(handle, buffer, length));
  }

  @Override
  public String uuid(NvmlDevice device) {
    var handle = NativeCalls.device(device.handle());
    return calls.text(
        "nvmlDeviceGetUUID", (buffer, length) -> nvml.nvmlDeviceGetUUID(handle, buffer, length));
  }

  @Override
  public int minorNumber(NvmlDevice gpu) {
    var handle = NativeCalls.device(gpu.handle());
    return calls.number(
        "nvmlDeviceGetMinorNumber", out -> nvml.nvmlDeviceGetMinorNumber(handle, out));
  }

  @Override
  public String pciBusId(NvmlDevice gpu) {
    var handle = NativeCalls.device(gpu.handle());
    try (nvmlPciInfo_t info = new nvmlPciInfo_t()) {
      calls.call("nvmlDeviceGetPciInfo_v3", () -> nvml.nvmlDeviceGetPciInfo_v3(handle, info));
      byte[] busId = new byte[nvml.NVML_DEVICE_PCI_BUS_ID_BUFFER_SIZE];
      for (int i = 0; i < busId.length; i++) {
        busId[i] = info.busId(i);
      }
      return NativeCalls.text(busId);
    }
  }

  @Override
  public Optional<MigMode> migMode(NvmlDevice gpu) {
    var handle = NativeCalls.device(gpu.handle());
    int[] current = new int[1];
    int[] pending = new int[1];
    int code =
        calls.status(
            "nvmlDeviceGetMigMode", () -> nvml.nvmlDeviceGetMigMode(handle, current, pending));
    if (code == NvmlStatus.NOT_SUPPORTED.code()) {
      return Optional.empty();
    }
    calls.require("nvmlDeviceGetMigMode", code);
    return Optional.of(
        new MigMode(
            current[0] == nvml.NVML_DEVICE_MIG_ENABLE, pending[0] == nvml.NVML_DEVICE_MIG_ENABLE));
  }

  @Override
  public int maxMigDevices(NvmlDevice gpu) {
    var handle = NativeCalls.device(gpu.handle());
    int[] count = new int[1];
    int code =
        calls.status(
            "nvmlDeviceGetMaxMigDeviceCount",
            () -> nvml.nvmlDeviceGetMaxMigDeviceCount(handle, count));
    if (code == NvmlStatus.NOT_SUPPORTED.code()) {
      return 0;
    }
    calls.require("nvmlDeviceGetMaxMigDeviceCount", code);
    return count[0];
  }

  @Override
  public Optional<NvmlDevice> migDevice(NvmlDevice gpu, int index) {
    var handle = NativeCalls.device(gpu.handle());
    try {
      return Optional.of(
          new NvmlDevice(
              calls.handle(
                  "nvmlDeviceGetMigDeviceHandleByIndex",
                  out -> nvml.nvmlDeviceGetMigDeviceHandleByIndex(handle, index, out))));
    } catch (NvmlException e) {
      // Both are holes: the index has no instance now, or the driver knows fewer indexes.
      if (e.status() == NvmlStatus.NOT_FOUND || e.status() == NvmlStatus.INVALID_ARGUMENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public int gpuInstanceId(NvmlDevice migDevice) {
    var handle = NativeCalls.device(migDevice.handle());
    return calls.number(
        "nvmlDeviceGetGpuInstanceId", out -> nvml.nvmlDeviceGetGpuInstanceId(handle, out));
  }

  @Override
  public int computeInstanceId(NvmlDevice migDevice) {
    var handle = NativeCalls.device(migDevice.handle());
    return calls.number(
        "nvmlDeviceGetComputeInstanceId", out -> nvml.nvmlDeviceGetComputeInstanceId(handle, out));
  }

  @Override
  public MigAttributes attributes(NvmlDevice migDevice) {
    var handle = NativeCalls.device(migDevice.handle());
    try (nvmlDeviceAttributes_t found = new nvmlDeviceAttributes_t()) {
      calls.call(
          "nvmlDeviceGetAttributes_v2", () -> nvml.nvmlDeviceGetAttributes_v2(handle, found));
      return new MigAttributes(
          found.multiprocessorCount(),
          found.sharedCopyEngineCount(),
          found.sharedDecoderCount(),
          found.sharedEncoderCount(),
          found.sharedJpegCount(),
          found.sharedOfaCount(),
          found.gpuInstanceSliceCount(),
          found.computeInstanceSliceCount(),
          found.memorySizeMB());
    }
  }

  @Override
  public GpuInstance gpuInstance(NvmlDevice gpu, int gpuInstanceId) {
    var handle = NativeCalls.device(gpu.handle());
    var instance =
        NativeCalls.instance(
            calls.handle(
                "nvmlDeviceGetGpuInstanceById",
                out -> nvml.nvmlDeviceGetGpuInstanceById(handle, gpuInstanceId, out)));
    try (nvmlGpuInstanceInfo_t info = new nvmlGpuInstanceInfo_t()) {
      calls.call("nvmlGpuInstanceGetInfo", () -> nvml.nvmlGpuInstanceGetInfo(instance, info));
      var placement = info.placement();
      return new GpuInstance(
          info.id(), info.profileId(), new Placement(placement.start(), placement.size()));
    }
  }

  @Override
  public NvmlMemory memory(NvmlDevice device) {
    var handle = NativeCalls.device(device.handle());
    try (nvmlMemory_t found = new nvmlMemory_t()) {
      calls.call("nvmlDeviceGetMemoryInfo", () -> nvml.nvmlDeviceGetMemoryInfo(handle, found));
      return new NvmlMemory(found.total(), found._free(), found.used());
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      calls.call("nvmlShutdown", nvml::nvmlShutdown);
      calls.close();
    }
  }

  @Override
  public String nvmlVersion() {
    return calls.text("nvmlSystemGetNVMLVersion", nvml::nvmlSystemGetNVMLVersion);
  }

  @Override
  public NvmlEvents openEvents() {
    return NativeEvents.open(calls, this);
  }

  @Override
  public List<GpuInstanceProfile> gpuInstanceProfiles(NvmlDevice gpu) {
    return new NativeGeometry(calls).profiles(gpu);
  }

  @Override
  public List<Placement> possiblePlacements(NvmlDevice gpu, int profileId) {
    return new NativeGeometry(calls).placements(gpu, profileId);
  }

  @Override
  public List<NvmlProcess> computeProcesses(NvmlDevice device) {
    return new NativeUsage(calls).processes(device);
  }

  @Override
  public int powerMilliwatts(NvmlDevice gpu) {
    var handle = NativeCalls.device(gpu.handle());
    return calls.number(
        "nvmlDeviceGetPowerUsage", out -> nvml.nvmlDeviceGetPowerUsage(handle, out));
  }

  /** The newer nvmlDeviceGetTemperatureV is not in the drivers that most nodes run. */
  @SuppressWarnings("deprecation")
  @Override
  public int temperature(NvmlDevice gpu) {
    var handle = NativeCalls.device(gpu.handle());
    return calls.number(
        "nvmlDeviceGetTemperature",
        out -> nvml.nvmlDeviceGetTemperature(handle, nvml.NVML_TEMPERATURE_GPU, out));
  }

  @Override
  public NvmlUtilization utilization(NvmlDevice gpu) {
    return new NativeUsage(calls).utilization(gpu);
  }

  @Override
  public boolean supportsGpm(NvmlDevice gpu) {
    return NativeGpmSample.supported(calls, gpu);
  }

  @Override
  public GpmSample gpmSample(NvmlDevice gpu, OptionalInt gpuInstanceId) {
    return NativeGpmSample.take(calls, gpu, gpuInstanceId);
  }
}
