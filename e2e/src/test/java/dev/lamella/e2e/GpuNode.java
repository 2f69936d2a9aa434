package dev.lamella.e2e;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.resource.ResourceName;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A node's report as it stands in the API. */
record GpuNode(GpuNodeStatus status) {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  static GpuNode of(JsonNode object) throws IOException {
    return new GpuNode(MAPPER.treeToValue(object.path("status"), GpuNodeStatus.class));
  }

  List<SliceStatus> slices() {
    return status.gpus().stream().map(GpuStatus::slices).flatMap(List::stream).toList();
  }

  SliceStatus slice(String uuid) {
    return slices().stream().filter(s -> s.uuid().equals(uuid)).findFirst().orElseThrow();
  }

  /** The GPU on which a slice stands. */
  String gpuOf(String slice) {
    return status.gpus().stream()
        .filter(gpu -> gpu.slices().stream().anyMatch(s -> s.uuid().equals(slice)))
        .findFirst()
        .orElseThrow()
        .uuid();
  }

  /** Devices by resource, whole and shared. */
  Map<String, Integer> offered() {
    Map<String, Integer> offered = new TreeMap<>();
    for (SliceStatus slice : slices()) {
      offered.merge(ResourceName.whole(slice.profile()).text(), 1, Integer::sum);
      offered.merge(ResourceName.shared(slice.profile()).text(), slice.sharesTotal(), Integer::sum);
    }
    return offered;
  }

  /** Fails unless a Node has as many devices as are offered. */
  void requireOfferedBy(JsonNode node) {
    JsonNode allocatable = node.at("/status/allocatable");
    offered()
        .forEach(
            (resource, count) -> {
              if (allocatable.path(resource).asInt(-1) != count) {
                throw new IllegalStateException(resource + " of " + allocatable);
              }
            });
  }

  void requireServing() {
    if (!status.serving() || status.gpus().isEmpty()) {
      throw new IllegalStateException("not serving: " + status.conditions());
    }
  }

  /** Slices that pods hold, with mode and holders, for comparison. */
  Map<String, String> held() {
    Map<String, String> held = new TreeMap<>();
    for (SliceStatus slice : slices()) {
      if (!slice.holders().isEmpty() || !slice.mode().equals("Free")) {
        held.put(slice.uuid(), slice.mode() + " " + slice.holders());
      }
    }
    return held;
  }
}
