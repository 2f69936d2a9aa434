package dev.lamella.nvml.simulated;

import dev.lamella.core.geometry.Board;
import dev.lamella.core.geometry.PlacedProfile;
import dev.lamella.core.geometry.Placement;
import dev.lamella.core.geometry.Profile;
import dev.lamella.nvml.GpuInstance;
import dev.lamella.nvml.GpuInstanceProfile;
import dev.lamella.nvml.MigAttributes;
import dev.lamella.nvml.NvmlMemory;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a GPU of a layout answers. Its UUIDs follow from the node's name, its index, and profile and
 * start of a slice: the same layout gives the same devices in every process.
 */
record SimulatedGpu(String node, int index, GpuLayout layout) {

  /** Streaming multiprocessors of a compute slice on A100, taken for every simulated board. */
  private static final int MULTIPROCESSORS_PER_SLICE = 14;

  /** Boards from before Hopper, by the first word of their model. */
  private static final Set<String> OLDER = Set.of("A100", "A30", "T4");

  private static final long MIB = 1L << 20;

  Board board() {
    return layout.board();
  }

  List<PlacedProfile> slices() {
    return layout.slices();
  }

  String name() {
    return "NVIDIA " + layout.model();
  }

  String name(PlacedProfile slice) {
    return name() + " MIG " + slice.profile().name();
  }

  String uuid() {
    return "GPU-" + nameUuid(node + "/" + index);
  }

  String uuid(PlacedProfile slice) {
    return "MIG-" + nameUuid(node + "/" + index + "/" + slice);
  }

  /** GPUs sit on buses 07, 0F, 17 and so on, as on an eight-GPU board. */
  String pciBusId() {
    return "00000000:%02X:00.0".formatted((0x07 + 8 * index) & 0xFF);
  }

  /** Hopper and newer. */
  boolean supportsGpm() {
    return !OLDER.contains(layout.model().split("-")[0]);
  }

  NvmlMemory memory() {
    long total = board().memoryMiB() * MIB;
    return new NvmlMemory(total, total, 0);
  }

  NvmlMemory memory(PlacedProfile slice) {
    long total = memoryMiB(slice) * MIB;
    return new NvmlMemory(total, total, 0);
  }

  MigAttributes attributes(PlacedProfile slice) {
    int compute = slice.profile().computeSlices();
    int media = slice.profile().name().endsWith("+me") ? 1 : 0;
    return new MigAttributes(
        MULTIPROCESSORS_PER_SLICE * compute,
        compute,
        media,
        0,
        media,
        media,
        compute,
        compute,
        memoryMiB(slice));
  }

  GpuInstance instance(int migIndex) {
    PlacedProfile slice = slices().get(migIndex);
    return new GpuInstance(instanceId(migIndex), slice.profile().nvmlId(), slice.placement());
  }

  /** 0 is the id of an instance that spans the GPU, as drivers number them. */
  int instanceId(int migIndex) {
    return slices().get(migIndex).profile().size() == board().memorySlices() ? 0 : migIndex + 1;
  }

  /** Without those whose id on a real board is not known. */
  List<GpuInstanceProfile> profiles() {
    if (!layout.migEnabled()) {
      return List.of();
    }
    return board().profiles().stream()
        .filter(profile -> profile.nvmlId() >= 0)
        .map(
            profile ->
                new GpuInstanceProfile(
                    profile.nvmlId(),
                    profile.computeSlices(),
                    profile.maxInstances(),
                    memoryMiB(profile)))
        .sorted(Comparator.comparingInt(GpuInstanceProfile::id))
        .toList();
  }

  Optional<List<Placement>> placements(int profileId) {
    return board().profiles().stream()
        .filter(profile -> profile.nvmlId() == profileId && profileId >= 0)
        .map(Profile::placements)
        .findFirst();
  }

  private long memoryMiB(PlacedProfile slice) {
    return memoryMiB(slice.profile());
  }

  private long memoryMiB(Profile profile) {
    return profile.size() * board().sliceMemoryMiB();
  }

  private static UUID nameUuid(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }
}
