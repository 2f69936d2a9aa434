package dev.lamella.nvml.javacpp;

import dev.lamella.core.geometry.Placement;
import dev.lamella.nvml.GpuInstanceProfile;
import dev.lamella.nvml.NvmlDevice;
import dev.lamella.nvml.NvmlStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.cuda.global.nvml;
import org.bytedeco.cuda.nvml.nvmlDevice_st;
import org.bytedeco.cuda.nvml.nvmlGpuInstancePlacement_t;
import org.bytedeco.cuda.nvml.nvmlGpuInstanceProfileInfo_t;

/** How a GPU can be cut, as its driver says. */
final class NativeGeometry {

  private static final String PROFILE_INFO = "nvmlDeviceGetGpuInstanceProfileInfo";
  private static final String PLACEMENTS = "nvmlDeviceGetGpuInstancePossiblePlacements_v2";

  private final NativeCalls calls;

  NativeGeometry(NativeCalls calls) {
    this.calls = calls;
  }

  /** Profiles are numbered densely in nvml.h, and every GPU supports some of the numbers. */
  List<GpuInstanceProfile> profiles(NvmlDevice gpu) {
    nvmlDevice_st handle = NativeCalls.device(gpu.handle());
    List<GpuInstanceProfile> profiles = new ArrayList<>();
    try (nvmlGpuInstanceProfileInfo_t info = new nvmlGpuInstanceProfileInfo_t()) {
      for (int i = 0; i < nvml.NVML_GPU_INSTANCE_PROFILE_COUNT; i++) {
        int number = i;
        int code =
            calls.status(
                PROFILE_INFO, () -> nvml.nvmlDeviceGetGpuInstanceProfileInfo(handle, number, info));
        if (isOffered(code)) {
          profiles.add(
              new GpuInstanceProfile(
                  info.id(), info.sliceCount(), info.instanceCount(), info.memorySizeMB()));
        }
      }
    }
    profiles.sort(Comparator.comparingInt(GpuInstanceProfile::id));
    return List.copyOf(profiles);
  }

  /** A driver may know fewer numbers than this binding's nvml.h: INVALID_ARGUMENT. */
  private boolean isOffered(int code) {
    NvmlStatus status = NvmlStatus.of(code);
    if (status == NvmlStatus.NOT_SUPPORTED || status == NvmlStatus.INVALID_ARGUMENT) {
      return false;
    }
    calls.require(PROFILE_INFO, code);
    return true;
  }

  List<Placement> placements(NvmlDevice gpu, int profileId) {
    nvmlDevice_st handle = NativeCalls.device(gpu.handle());
    int[] count = new int[1];
    calls.call(
        PLACEMENTS,
        () ->
            nvml.nvmlDeviceGetGpuInstancePossiblePlacements_v2(
                handle, profileId, (nvmlGpuInstancePlacement_t) null, count));
    List<Placement> placements = new ArrayList<>();
    try (nvmlGpuInstancePlacement_t found = new nvmlGpuInstancePlacement_t(count[0])) {
      calls.call(
          PLACEMENTS,
          () ->
              nvml.nvmlDeviceGetGpuInstancePossiblePlacements_v2(handle, profileId, found, count));
      for (int i = 0; i < count[0]; i++) {
        found.position(i);
        placements.add(new Placement(found.start(), found.size()));
      }
    }
    placements.sort(Comparator.naturalOrder());
    return List.copyOf(placements);
  }
}
