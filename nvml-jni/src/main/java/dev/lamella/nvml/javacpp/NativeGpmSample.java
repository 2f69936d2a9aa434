package dev.lamella.nvml.javacpp;

import dev.lamella.nvml.GpmMetric;
import dev.lamella.nvml.GpmSample;
import dev.lamella.nvml.NvmlDevice;
import dev.lamella.nvml.NvmlStatus;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.cuda.global.nvml;
import org.bytedeco.cuda.nvml.nvmlDevice_st;
import org.bytedeco.cuda.nvml.nvmlGpmMetric_t;
import org.bytedeco.cuda.nvml.nvmlGpmMetricsGet_t;
import org.bytedeco.cuda.nvml.nvmlGpmSupport_t;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** A sample whose memory is NVML's. */
final class NativeGpmSample implements GpmSample {

  private static final String TAKE_OF_INSTANCE = "nvmlGpmMigSampleGet";
  private static final String TAKE_OF_GPU = "nvmlGpmSampleGet";
  private static final String SUPPORT = "nvmlGpmQueryDeviceSupport";

  /**
   * Of {@code nvmlGpmMetricsGet_t} with 333 metrics. It has grown from header to header (98, 210,
   * 333) under one version number, so that a driver may write more than this binding's struct has.
   */
  private static final long LARGEST = 13_344;

  private final NativeCalls calls;
  private final long handle;
  private boolean closed;

  private NativeGpmSample(NativeCalls calls, long handle) {
    this.calls = calls;
    this.handle = handle;
  }

  static boolean supported(NativeCalls calls, NvmlDevice gpu) {
    nvmlDevice_st device = NativeCalls.device(gpu.handle());
    if (!calls.has(SUPPORT)) {
      return false;
    }
    try (nvmlGpmSupport_t support = new nvmlGpmSupport_t()) {
      support.version(nvml.NVML_GPM_SUPPORT_VERSION);
      int code = calls.status(SUPPORT, () -> nvml.nvmlGpmQueryDeviceSupport(device, support));
      if (code == NvmlStatus.NOT_SUPPORTED.code()) {
        return false;
      }
      calls.require(SUPPORT, code);
      return support.isSupportedDevice() != 0;
    }
  }

  static NativeGpmSample take(NativeCalls calls, NvmlDevice gpu, OptionalInt instance) {
    nvmlDevice_st device = NativeCalls.device(gpu.handle());
    long handle = calls.handle("nvmlGpmSampleAlloc", nvml::nvmlGpmSampleAlloc);
    NativeGpmSample sample = new NativeGpmSample(calls, handle);
    boolean taken = false;
    try {
      var into = NativeCalls.gpmSample(handle);
      if (instance.isPresent()) {
        calls.call(
            TAKE_OF_INSTANCE, () -> nvml.nvmlGpmMigSampleGet(device, instance.getAsInt(), into));
      } else {
        calls.call(TAKE_OF_GPU, () -> nvml.nvmlGpmSampleGet(device, into));
      }
      taken = true;
      return sample;
    } finally {
      if (!taken) {
        sample.close();
      }
    }
  }

  @Override
  public SortedMap<GpmMetric, Double> since(GpmSample earlier) {
    GpmMetric[] wanted = GpmMetric.values();
    try (BytePointer memory = new BytePointer(LARGEST)) {
      Pointer.memset(memory, 0, LARGEST);
      nvmlGpmMetricsGet_t question = new nvmlGpmMetricsGet_t(memory);
      question.version(nvml.NVML_GPM_METRICS_GET_VERSION);
      question.numMetrics(wanted.length);
      question.sample1(NativeCalls.gpmSample(((NativeGpmSample) earlier).handle));
      question.sample2(NativeCalls.gpmSample(handle));
      for (int i = 0; i < wanted.length; i++) {
        question.metrics(i).metricId(wanted[i].id());
      }
      calls.call("nvmlGpmMetricsGet", () -> nvml.nvmlGpmMetricsGet(question));
      return answers(question, wanted);
    }
  }

  private static SortedMap<GpmMetric, Double> answers(
      nvmlGpmMetricsGet_t question, GpmMetric... wanted) {
    SortedMap<GpmMetric, Double> answers = new TreeMap<>();
    for (int i = 0; i < wanted.length; i++) {
      nvmlGpmMetric_t answer = question.metrics(i);
      boolean told = answer.nvmlReturn() == NvmlStatus.SUCCESS.code();
      if (told && Double.isFinite(answer.value())) {
        answers.put(wanted[i], answer.value());
      }
    }
    return answers;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (!calls.isClosed()) {
        calls.call(
            "nvmlGpmSampleFree", () -> nvml.nvmlGpmSampleFree(NativeCalls.gpmSample(handle)));
      }
    }
  }
}
