package dev.lamella.simulator.trace.slices;

import dev.lamella.core.geometry.Boards;
import dev.lamella.core.geometry.Occupancy;
import dev.lamella.core.geometry.Profile;
import java.util.List;

/** The cluster of the published comparison: 100 seven-slice GPUs and the five main profiles. */
final class SliceModel {

  static final int GPUS = 100;

  static final Occupancy TABLE =
      Occupancy.ofMainProfiles(Boards.byModel("A100-SXM4-40GB").orElseThrow());

  static final List<Profile> PROFILES = TABLE.profiles();

  static final int COMPUTE_SLICES = GPUS * TABLE.board().computeSlices();

  private SliceModel() {}

  static int computeSlices(int profile) {
    return PROFILES.get(profile).computeSlices();
  }

  static double meanComputeSlices(SliceMix mix) {
    double mean = 0;
    for (int profile = 0; profile < PROFILES.size(); profile++) {
      mean += mix.mix().share(profile) * computeSlices(profile);
    }
    return mean;
  }
}
