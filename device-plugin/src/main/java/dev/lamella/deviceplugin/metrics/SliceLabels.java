package dev.lamella.deviceplugin.metrics;

import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.deviceplugin.inventory.SliceAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Labels of GPUs and slices: ours, and those that dcgm-exporter gives the same GPUs, so that its
 * series and its dashboards can be joined with ours.
 */
final class SliceLabels {

  static final List<String> GPU = List.of("node", "gpu", "UUID", "modelName");

  /** Of a slice, without what changes while it is used. */
  static final List<String> SLICE =
      List.of("node", "gpu", "UUID", "modelName", "slice", "profile", "GPU_I_PROFILE", "GPU_I_ID");

  private static final String VENDOR = "NVIDIA ";
  private static final String WHOLE_GPU = "gpu";

  private final String node;
  private final Map<String, SliceAddress> addresses;

  SliceLabels(String node, Map<String, SliceAddress> addresses) {
    this.node = node;
    this.addresses = addresses;
  }

  static List<String> and(List<String> some, String... more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(Arrays.asList(more));
    return List.copyOf(all);
  }

  List<String> of(GpuStatus gpu) {
    String minor =
        gpu.slices().stream()
            .flatMap(slice -> address(slice.uuid()).stream())
            .findFirst()
            .map(address -> number(address.minor()))
            .orElse("");
    return List.of(node, minor, gpu.uuid(), VENDOR + gpu.model());
  }

  /** A GPU with MIG off has no instance: both of dcgm-exporter's labels are empty, as there. */
  List<String> of(GpuStatus gpu, SliceStatus slice) {
    boolean whole = slice.profile().equals(WHOLE_GPU);
    String instance = address(slice.uuid()).map(a -> number(a.gpuInstance())).orElse("");
    return and(
        of(gpu),
        slice.uuid(),
        slice.profile(),
        whole ? "" : slice.profile(),
        whole ? "" : instance);
  }

  private Optional<SliceAddress> address(String slice) {
    return Optional.ofNullable(addresses.get(slice));
  }

  private static String number(OptionalInt number) {
    return number.isPresent() ? Integer.toString(number.getAsInt()) : "";
  }
}
