package dev.lamella.simulator.demo;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.Holder;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.inventory.Mode;
import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts a report together from pods, GpuNodes and what the kubelets say. */
final class ReportReader {

  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private static final Comparator<Report.Pod> BY_NAME =
      Comparator.comparing(Report.Pod::namespace).thenComparing(Report.Pod::name);

  private ReportReader() {}

  /**
   * @param pods as the API server lists them
   * @param gpuNodes as the API server lists them
   * @param kubelets by node
   */
  static Report read(JsonNode pods, JsonNode gpuNodes, Map<String, KubeletDevices> kubelets) {
    List<Report.Node> nodes = new ArrayList<>();
    Map<String, String> gpuOfSlice = new TreeMap<>();
    for (JsonNode gpuNode : gpuNodes) {
      GpuNodeStatus status = JSON.convertValue(gpuNode.path("status"), GpuNodeStatus.class);
      List<Report.Gpu> gpus = new ArrayList<>();
      for (GpuStatus gpu : status.gpus()) {
        gpu.slices().forEach(slice -> gpuOfSlice.put(slice.uuid(), gpu.uuid()));
        gpus.add(new Report.Gpu(gpu.uuid(), gpu.model(), slices(gpu)));
      }
      nodes.add(new Report.Node(gpuNode.at("/metadata/name").asText(), gpus));
    }
    List<Report.Pod> placed = new ArrayList<>();
    pods.forEach(pod -> placed.add(pod(pod, kubelets, gpuOfSlice)));
    return new Report(
        placed.stream().sorted(BY_NAME).toList(),
        nodes.stream().sorted(Comparator.comparing(Report.Node::name)).toList());
  }

  private static List<Report.Slice> slices(GpuStatus gpu) {
    return gpu.slices().stream()
        .sorted(Comparator.comparingInt(SliceStatus::start).thenComparing(SliceStatus::uuid))
        .map(
            slice ->
                new Report.Slice(
                    slice.uuid(),
                    slice.profile(),
                    slice.start(),
                    slice.mode(),
                    slice.holders().stream().mapToInt(Holder::shares).sum(),
                    slice.sharesTotal(),
                    slice.holders().stream()
                        .map(holder -> new Report.Holder(holder.namespace(), holder.name()))
                        .toList(),
                    slice.size()))
        .toList();
  }

  private static Report.Pod pod(
      JsonNode pod, Map<String, KubeletDevices> kubelets, Map<String, String> gpuOfSlice) {
    PodState state = PodState.of(pod);
    KubeletDevices devices = kubelets.getOrDefault(state.node(), new KubeletDevices(Map.of()));
    List<Report.Assignment> assignments =
        devices.of(state.namespace(), state.name()).stream()
            .map(given -> assignment(given, gpuOfSlice))
            .toList();
    return new Report.Pod(
        state.namespace(),
        state.name(),
        state.phase(),
        state.node().isEmpty() ? null : state.node(),
        state.reason().isEmpty() ? null : state.reason(),
        assignments);
  }

  private static Report.Assignment assignment(
      KubeletDevices.Given given, Map<String, String> gpuOfSlice) {
    ResourceName resource = ResourceName.parse(given.resource()).orElseThrow();
    List<String> slices =
        given.devices().stream().map(DeviceId::slice).distinct().sorted().toList();
    List<String> gpus =
        slices.stream().map(slice -> gpuOfSlice.getOrDefault(slice, "?")).distinct().toList();
    return new Report.Assignment(
        given.container(),
        given.resource(),
        (resource.shared() ? Mode.SHARED : Mode.WHOLE).text(),
        resource.profile(),
        slices,
        gpus,
        given.devices().size());
  }
}
