package dev.lamella.nvml.javacpp;

import dev.lamella.nvml.NvmlDevice;
import dev.lamella.nvml.NvmlProcess;
import dev.lamella.nvml.NvmlStatus;
import dev.lamella.nvml.NvmlUtilization;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.bytedeco.cuda.global.nvml;
import org.bytedeco.cuda.nvml.nvmlDevice_st;
import org.bytedeco.cuda.nvml.nvmlProcessInfo_v2_t;
import org.bytedeco.cuda.nvml.nvmlUtilization_t;

/** Who uses a device, and how much. */
final class NativeUsage {

  private static final String PROCESSES = "nvmlDeviceGetComputeRunningProcesses_v3";

  /** NVML_VALUE_NOT_AVAILABLE. */
  private static final long NOT_AVAILABLE = -1;

  private static final int ROOM = 32;

  /** Processes may start between two calls, but hardly faster than the room doubles. */
  private static final int TRIES = 5;

  private final NativeCalls calls;

  NativeUsage(NativeCalls calls) {
    this.calls = calls;
  }

  List<NvmlProcess> processes(NvmlDevice device) {
    nvmlDevice_st handle = NativeCalls.device(device.handle());
    int room = ROOM;
    int code = NvmlStatus.INSUFFICIENT_SIZE.code();
    for (int i = 0; i < TRIES && code == NvmlStatus.INSUFFICIENT_SIZE.code(); i++) {
      int[] count = {room};
      try (nvmlProcessInfo_v2_t found = new nvmlProcessInfo_v2_t(room)) {
        code =
            calls.status(
                PROCESSES,
                () -> nvml.nvmlDeviceGetComputeRunningProcesses_v3(handle, count, found));
        if (code == NvmlStatus.SUCCESS.code()) {
          return processes(found, count[0]);
        }
      }
      room = Math.max(2 * room, 2 * count[0]);
    }
    calls.require(PROCESSES, code);
    return List.of();
  }

  private static List<NvmlProcess> processes(nvmlProcessInfo_v2_t found, int count) {
    List<NvmlProcess> processes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      found.position(i);
      long used = found.usedGpuMemory();
      processes.add(
          new NvmlProcess(
              found.pid(), used == NOT_AVAILABLE ? OptionalLong.empty() : OptionalLong.of(used)));
    }
    found.position(0);
    processes.sort(Comparator.comparingInt(NvmlProcess::pid));
    return List.copyOf(processes);
  }

  NvmlUtilization utilization(NvmlDevice gpu) {
    nvmlDevice_st handle = NativeCalls.device(gpu.handle());
    try (nvmlUtilization_t found = new nvmlUtilization_t()) {
      calls.call(
          "nvmlDeviceGetUtilizationRates", () -> nvml.nvmlDeviceGetUtilizationRates(handle, found));
      return new NvmlUtilization(found.gpu(), found.memory());
    }
  }
}
