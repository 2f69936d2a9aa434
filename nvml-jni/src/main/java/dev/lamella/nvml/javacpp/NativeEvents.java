package dev.lamella.nvml.javacpp;

import dev.lamella.nvml.Nvml;
import dev.lamella.nvml.NvmlDevice;
import dev.lamella.nvml.NvmlEvent;
import dev.lamella.nvml.NvmlEvents;
import dev.lamella.nvml.NvmlException;
import dev.lamella.nvml.NvmlStatus;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.cuda.global.nvml;
import org.bytedeco.cuda.nvml.nvmlDevice_st;
import org.bytedeco.cuda.nvml.nvmlEventData_t;
import org.bytedeco.cuda.nvml.nvmlEventSet_st;

/** An event set in which every GPU is registered that can be. */
final class NativeEvents implements NvmlEvents {

  private static final String WAIT = "nvmlEventSetWait_v2";

  private static final long WANTED = NvmlEvent.Type.XID.bit() | NvmlEvent.Type.DOUBLE_BIT_ECC.bit();

  /** An instance id that means all of them, from nvml.h. */
  private static final int ALL = 0xFFFFFFFF;

  private final NativeCalls calls;
  private final nvmlEventSet_st set;
  private final SortedMap<Integer, NvmlStatus> unwatched = new TreeMap<>();
  private boolean closed;

  private NativeEvents(NativeCalls calls, nvmlEventSet_st set) {
    this.calls = calls;
    this.set = set;
  }

  static NativeEvents open(NativeCalls calls, Nvml gpus) {
    long set = calls.handle("nvmlEventSetCreate", nvml::nvmlEventSetCreate);
    NativeEvents events = new NativeEvents(calls, NativeCalls.eventSet(set));
    try {
      int count = gpus.deviceCount();
      for (int i = 0; i < count; i++) {
        events.register(gpus, i);
      }
      return events;
    } catch (RuntimeException e) {
      events.close();
      throw e;
    }
  }

  /** A GPU that cannot be watched must not keep the others from being watched. */
  private void register(Nvml gpus, int index) {
    try {
      if (!register(gpus.device(index))) {
        unwatched.put(index, NvmlStatus.NOT_SUPPORTED);
      }
    } catch (NvmlException e) {
      if (e.status() == NvmlStatus.FUNCTION_NOT_FOUND || calls.isClosed()) {
        throw e;
      }
      unwatched.put(index, e.status());
    }
  }

  private boolean register(NvmlDevice gpu) {
    nvmlDevice_st handle = NativeCalls.device(gpu.handle());
    long[] supported = new long[1];
    calls.call(
        "nvmlDeviceGetSupportedEventTypes",
        () -> nvml.nvmlDeviceGetSupportedEventTypes(handle, supported));
    long types = supported[0] & WANTED;
    if (types == 0) {
      return false;
    }
    calls.call("nvmlDeviceRegisterEvents", () -> nvml.nvmlDeviceRegisterEvents(handle, types, set));
    return true;
  }

  @Override
  public Optional<NvmlEvent> next(Duration timeout) {
    if (closed) {
      throw new NvmlException(WAIT, NvmlStatus.UNINITIALIZED);
    }
    int millis = (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE);
    try (nvmlEventData_t data = new nvmlEventData_t()) {
      int code = calls.status(WAIT, () -> nvml.nvmlEventSetWait_v2(set, data, millis));
      if (code == NvmlStatus.TIMEOUT.code()) {
        return Optional.empty();
      }
      calls.require(WAIT, code);
      nvmlDevice_st gpu = data.device();
      return Optional.of(
          new NvmlEvent(
              new NvmlDevice(gpu == null ? 0 : gpu.address()),
              NvmlEvent.Type.of(data.eventType()),
              data.eventData(),
              instance(data.gpuInstanceId()),
              instance(data.computeInstanceId())));
    }
  }

  private static OptionalInt instance(int id) {
    return id == ALL ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public SortedMap<Integer, NvmlStatus> unwatched() {
    return Collections.unmodifiableSortedMap(unwatched);
  }

  /** Once NVML is shut down there is nothing left to free the set with. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (!calls.isClosed()) {
        calls.call("nvmlEventSetFree", () -> nvml.nvmlEventSetFree(set));
      }
    }
  }
}
