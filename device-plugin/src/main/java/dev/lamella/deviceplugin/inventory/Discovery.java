package dev.lamella.deviceplugin.inventory;

import dev.lamella.core.geometry.Board;
import dev.lamella.core.geometry.Boards;
import dev.lamella.core.geometry.Placement;
import dev.lamella.core.inventory.Gpu;
import dev.lamella.core.inventory.Health;
import dev.lamella.core.inventory.Slice;
import dev.lamella.nvml.MigMode;
import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.NvmlDevice;
import dev.lamella.nvml.NvmlException;
import dev.lamella.nvml.NvmlStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Asks NVML what there is. A GPU or slice that fails to answer is left out and said so. */
public final class Discovery {

  private static final String VENDOR = "NVIDIA ";
  private static final long MIB = 1024L * 1024L;

  /** What a GPU counts as whose model is not known: seven-slice boards are the rule. */
  private static final int COMPUTE_SLICES = 7;

  private final Nvml nvml;
  private final boolean uncut;
  private final NumaNodes numaNodes;
  private final List<String> problems = new ArrayList<>();
  private final List<Silence> silent = new ArrayList<>();
  private final Map<String, SliceAddress> addresses = new TreeMap<>();
  private final Map<NvmlDevice, String> handles = new HashMap<>();
  private final Map<String, NvmlDevice> devices = new HashMap<>();

  private Discovery(Nvml nvml, Path sysRoot, boolean uncut) {
    this.nvml = nvml;
    this.uncut = uncut;
    this.numaNodes = new NumaNodes(sysRoot);
  }

  /**
   * @param inventory what was found
   * @param handles the UUIDs of the GPUs that answered, by handle: events name handles, and a GPU
   *     that was lost no longer tells its UUID
   * @param devices the handles of the GPUs and slices that answered, by UUID
   */
  record Found(
      Inventory inventory, Map<NvmlDevice, String> handles, Map<String, NvmlDevice> devices) {}

  /**
   * @param sysRoot where sysfs is mounted
   * @throws NvmlException if NVML answers nothing at all, or its library does not fit the driver
   */
  public static Inventory inventory(Nvml nvml, Path sysRoot) {
    return find(nvml, sysRoot, false).inventory();
  }

  /**
   * As {@link #inventory}, with the GPUs' handles.
   *
   * @param uncut whether a GPU with MIG on counts as one slice all the same
   */
  static Found find(Nvml nvml, Path sysRoot, boolean uncut) {
    Discovery discovery = new Discovery(nvml, sysRoot, uncut);
    List<Gpu> gpus = new ArrayList<>();
    int count = nvml.deviceCount();
    for (int i = 0; i < count; i++) {
      try {
        gpus.add(discovery.gpu(i));
      } catch (NvmlException e) {
        discovery.leftOut(Optional.empty(), "GPU " + i, e);
      }
    }
    Inventory inventory =
        new Inventory(
            nvml.driverVersion(),
            gpus,
            discovery.addresses,
            discovery.problems,
            discovery.silent,
            Map.of());
    return new Found(inventory, Map.copyOf(discovery.handles), Map.copyOf(discovery.devices));
  }

  private Gpu gpu(int index) {
    NvmlDevice device = nvml.device(index);
    String uuid = nvml.uuid(device);
    String name = nvml.name(device);
    String model = name.startsWith(VENDOR) ? name.substring(VENDOR.length()) : name;
    boolean mig = nvml.migMode(device).map(MigMode::enabled).orElse(false);
    boolean cut = mig && !uncut;
    if (mig && uncut) {
      problems.add("MIG is on on " + uuid + ", and the MIG strategy none takes it for one slice");
    }
    long totalBytes = nvml.memory(device).total();
    Optional<Board> board = Boards.byModel(model);
    SliceAddress whole =
        new SliceAddress(uuid, minor(device, uuid), OptionalInt.empty(), OptionalInt.empty());
    List<Slice> slices = new ArrayList<>();
    if (cut) {
      slices(device, whole, new SliceReader(nvml, device, totalBytes, board, problems), slices);
    } else {
      slices.add(wholeGpu(uuid, totalBytes / MIB, board));
      addresses.put(uuid, whole);
    }
    handles.put(device, uuid);
    devices.put(uuid, device);
    return new Gpu(uuid, model, cut, numaNode(device, uuid), slices);
  }

  private OptionalInt numaNode(NvmlDevice gpu, String uuid) {
    try {
      return numaNodes.of(nvml.pciBusId(gpu));
    } catch (NvmlException e) {
      problems.add("the NUMA node of " + uuid + " is not known: " + e.getMessage());
      return OptionalInt.empty();
    }
  }

  private static Slice wholeGpu(String uuid, long memoryMiB, Optional<Board> board) {
    int compute = board.map(Board::computeSlices).orElse(COMPUTE_SLICES);
    int memorySlices = Math.max(1, board.map(Board::memorySlices).orElse(1));
    Placement placement = new Placement(0, memorySlices);
    return new Slice(uuid, Slice.WHOLE_GPU, compute, memoryMiB, placement, Health.HEALTHY);
  }

  private OptionalInt minor(NvmlDevice gpu, String uuid) {
    try {
      return OptionalInt.of(nvml.minorNumber(gpu));
    } catch (NvmlException e) {
      problems.add("the device node of " + uuid + " is not known: " + e.getMessage());
      return OptionalInt.empty();
    }
  }

  private void slices(NvmlDevice gpu, SliceAddress whole, SliceReader reader, List<Slice> into) {
    int indexes = nvml.maxMigDevices(gpu);
    for (int i = 0; i < indexes; i++) {
      try {
        Optional<NvmlDevice> device = nvml.migDevice(gpu, i);
        Optional<Slice> slice = device.flatMap(reader::read);
        if (slice.isPresent()) {
          OptionalInt gi = OptionalInt.of(nvml.gpuInstanceId(device.get()));
          OptionalInt ci = OptionalInt.of(nvml.computeInstanceId(device.get()));
          addresses.put(slice.get().uuid(), new SliceAddress(whole.gpu(), whole.minor(), gi, ci));
          devices.put(slice.get().uuid(), device.get());
          into.add(slice.get());
        }
      } catch (NvmlException e) {
        leftOut(Optional.of(whole.gpu()), "MIG device " + i + " of " + whole.gpu(), e);
      }
    }
  }

  private void leftOut(Optional<String> gpu, String what, NvmlException e) {
    if (e.status() == NvmlStatus.LIB_RM_VERSION_MISMATCH) {
      throw e;
    }
    String problem = what + " is left out: " + e.getMessage();
    problems.add(problem);
    silent.add(new Silence(gpu, problem));
  }
}
