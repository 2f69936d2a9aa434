package dev.lamella.deviceplugin.inventory;

import dev.lamella.core.geometry.Board;
import dev.lamella.core.geometry.Placement;
import dev.lamella.core.inventory.Health;
import dev.lamella.core.inventory.Slice;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.nvml.GpuInstance;
import dev.lamella.nvml.MigAttributes;
import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.NvmlDevice;
import dev.lamella.nvml.NvmlException;
import dev.lamella.nvml.NvmlStatus;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one MIG device of a GPU. */
final class SliceReader {

  /** NVML knows the GPU instance but does not tell us: a right or a function is missing. */
  private static final Set<NvmlStatus> NOT_TOLD =
      EnumSet.of(NvmlStatus.NO_PERMISSION, NvmlStatus.NOT_SUPPORTED, NvmlStatus.FUNCTION_NOT_FOUND);

  /** Memory slices of a board that is not known; A30's four are known. */
  private static final int MEMORY_SLICES = 8;

  private static final double MIB = 1024.0 * 1024.0;

  private final Nvml nvml;
  private final NvmlDevice gpu;
  private final long totalBytes;
  private final Optional<Board> board;
  private final List<String> problems;

  SliceReader(
      Nvml nvml, NvmlDevice gpu, long totalBytes, Optional<Board> board, List<String> problems) {
    this.nvml = nvml;
    this.gpu = gpu;
    this.totalBytes = totalBytes;
    this.board = board;
    this.problems = problems;
  }

  /** The slice; empty, and said so, if it is none that can be advertised. */
  Optional<Slice> read(NvmlDevice device) {
    String uuid = nvml.uuid(device);
    MigAttributes attributes = nvml.attributes(device);
    if (attributes.computeInstanceSlices() != attributes.gpuInstanceSlices()) {
      problems.add(
          "slice %s is left out: its compute instance has %d of %d compute slices, expected all"
              .formatted(uuid, attributes.computeInstanceSlices(), attributes.gpuInstanceSlices()));
      return Optional.empty();
    }
    Optional<GpuInstance> instance = instance(device, uuid);
    String profile = ProfileName.of(attributes, totalBytes, instance, board);
    Placement placement =
        instance.map(GpuInstance::placement).orElseGet(() -> new Placement(0, size(attributes)));
    return Optional.of(
        new Slice(
            uuid,
            ResourceName.whole(profile).profile(),
            attributes.gpuInstanceSlices(),
            attributes.memoryMiB(),
            placement,
            Health.HEALTHY));
  }

  private Optional<GpuInstance> instance(NvmlDevice device, String uuid) {
    try {
      return Optional.of(nvml.gpuInstance(gpu, nvml.gpuInstanceId(device)));
    } catch (NvmlException e) {
      if (!NOT_TOLD.contains(e.status())) {
        throw e;
      }
      problems.add("where " + uuid + " stands is not known, start 0 is shown: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** In memory slices, from the memory it has. */
  private int size(MigAttributes attributes) {
    int all = board.map(Board::memorySlices).filter(n -> n > 0).orElse(MEMORY_SLICES);
    double share = attributes.memoryMiB() * MIB / totalBytes;
    return Math.max(1, Math.min(all, (int) Math.ceil(share * all)));
  }
}
