package dev.lamella.deviceplugin.inventory;

import dev.lamella.core.geometry.Board;
import dev.lamella.core.geometry.Profile;
import dev.lamella.nvml.GpuInstance;
import dev.lamella.nvml.MigAttributes;
import java.util.Optional;

/**
 * Names a MIG device's profile as NVIDIA's own plugin does, from its attributes: the driver's names
 * drift (3g.39gb for 3g.40gb), and resource names must not.
 *
 * <p>Source: go-nvlib's MIG profile computation; facts in NVIDIA's MIG user guide.
 */
final class ProfileName {

  private static final int EIGHTHS = 8;
  private static final double MIB = 1024.0 * 1024.0;
  private static final double GIB = MIB * 1024.0;

  private ProfileName() {}

  /**
   * @param totalBytes memory of the whole GPU
   * @param instance the GPU instance, where NVML tells
   * @param board the GPU's model, where it is known
   */
  static String of(
      MigAttributes attributes,
      long totalBytes,
      Optional<GpuInstance> instance,
      Optional<Board> board) {
    double gigabytes = eighths(attributes, totalBytes) / EIGHTHS * Math.ceil(totalBytes / GIB);
    String name = attributes.gpuInstanceSlices() + "g." + Math.round(gigabytes) + "gb";
    return name + (mediaExtensions(attributes, totalBytes, instance, board) ? "+me" : "");
  }

  private static double eighths(MigAttributes attributes, long totalBytes) {
    return Math.ceil(attributes.memoryMiB() * MIB / totalBytes * EIGHTHS);
  }

  /**
   * The profile's id tells where the model is known. Else an optical flow engine does: a part of a
   * board gets one only with the media extensions, the whole board always has it.
   */
  private static boolean mediaExtensions(
      MigAttributes attributes,
      long totalBytes,
      Optional<GpuInstance> instance,
      Optional<Board> board) {
    Optional<Profile> profile =
        instance.flatMap(
            gi ->
                board.stream()
                    .flatMap(known -> known.profiles().stream())
                    .filter(p -> p.nvmlId() >= 0 && p.nvmlId() == gi.profileId())
                    .findFirst());
    return profile
        .map(known -> known.name().endsWith("+me"))
        .orElseGet(() -> attributes.opticalFlow() > 0 && eighths(attributes, totalBytes) < EIGHTHS);
  }
}
