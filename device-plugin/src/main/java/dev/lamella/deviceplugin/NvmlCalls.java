package dev.lamella.deviceplugin;

import dev.lamella.deviceplugin.metrics.NodeMetrics;
import dev.lamella.deviceplugin.usage.MeasuredNvml;

/** From NVML's calls into metrics. */
final class NvmlCalls implements MeasuredNvml.Listener {

  /** Says nothing of the driver's health: the device is not made for it. */
  private static final String NOT_SUPPORTED = "NOT_SUPPORTED";

  private final NodeMetrics metrics;

  NvmlCalls(NodeMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void called(String call, long nanos) {
    metrics.nvmlCalled(call, nanos);
  }

  @Override
  public void failed(String function, String status) {
    if (!status.equals(NOT_SUPPORTED)) {
      metrics.nvmlFailed(function, status);
    }
  }
}
