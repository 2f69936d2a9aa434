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
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Asks NVML what there is. A GPU or slice that fails to answer is left out and said so. */
public final class Discovery {

  private static final String VENDOR = "NVIDIA ";
  private static final long MIB = 1024L * 1024L;

  /** What a GPU counts as whose model is not known: seven-slice boards are the rule. */
  private static final int COMPUTE_SLICES = 7;

  private final Nvml nvml;
  private final NumaNodes numaNodes;
  private final List<String> problems = new ArrayList<>();

  private Discovery(Nvml nvml, Path sysRoot) {
    this.nvml = nvml;
    this.numaNodes = new NumaNodes(sysRoot);
  }

  /**
   * @param sysRoot where sysfs is mounted
   * @throws NvmlException if NVML answers nothing at all, or its library does not fit the driver
   */
  public static Inventory inventory(Nvml nvml, Path sysRoot) {
    Discovery discovery = new Discovery(nvml, sysRoot);
    List<Gpu> gpus = new ArrayList<>();
    int count = nvml.deviceCount();
    for (int i = 0; i < count; i++) {
      try {
        gpus.add(discovery.gpu(i));
      } catch (NvmlException e) {
        discovery.leftOut("GPU " + i, e);
      }
    }
    return new Inventory(nvml.driverVersion(), gpus, discovery.problems);
  }

  private Gpu gpu(int index) {
    NvmlDevice device = nvml.device(index);
    String uuid = nvml.uuid(device);
    String name = nvml.name(device);
    String model = name.startsWith(VENDOR) ? name.substring(VENDOR.length()) : name;
    boolean cut = nvml.migMode(device).map(MigMode::enabled).orElse(false);
    long totalBytes = nvml.memory(device).total();
    Optional<Board> board = Boards.byModel(model);
    List<Slice> slices =
        cut
            ? slices(device, uuid, totalBytes, board)
            : List.of(wholeGpu(uuid, totalBytes / MIB, board));
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

  private List<Slice> slices(NvmlDevice gpu, String uuid, long totalBytes, Optional<Board> board) {
    SliceReader reader = new SliceReader(nvml, gpu, totalBytes, board, problems);
    List<Slice> slices = new ArrayList<>();
    int indexes = nvml.maxMigDevices(gpu);
    for (int i = 0; i < indexes; i++) {
      try {
        nvml.migDevice(gpu, i).flatMap(reader::read).ifPresent(slices::add);
      } catch (NvmlException e) {
        leftOut("MIG device " + i + " of " + uuid, e);
      }
    }
    return slices;
  }

  private void leftOut(String what, NvmlException e) {
    if (e.status() == NvmlStatus.LIB_RM_VERSION_MISMATCH) {
      throw e;
    }
    problems.add(what + " is left out: " + e.getMessage());
  }
}
