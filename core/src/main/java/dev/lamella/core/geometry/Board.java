package dev.lamella.core.geometry;

import java.util.List;
import java.util.Optional;

/**
 * A GPU model and how it can be cut.
 *
 * @param model the model's name as layout files and GpuNodes spell it, such as A100-SXM4-40GB
 * @param computeSlices compute slices of the whole GPU; also what a GPU with MIG off counts as
 * @param memorySlices memory slices of the whole GPU; 0 if it cannot be cut
 * @param memoryMiB memory of the whole GPU in MiB
 * @param sliceMemoryMiB memory of one memory slice in MiB as a simulated board reports it; a real
 *     one is asked (NVML's device attributes)
 * @param profiles what it can be cut into; empty without MIG
 */
public record Board(
    String model,
    int computeSlices,
    int memorySlices,
    long memoryMiB,
    long sliceMemoryMiB,
    List<Profile> profiles) {

  public Board {
    profiles = List.copyOf(profiles);
  }

  public boolean supportsMig() {
    return !profiles.isEmpty();
  }

  public Optional<Profile> profile(String name) {
    return profiles.stream().filter(profile -> profile.name().equals(name)).findFirst();
  }

  public List<String> profileNames() {
    return profiles.stream().map(Profile::name).toList();
  }
}
