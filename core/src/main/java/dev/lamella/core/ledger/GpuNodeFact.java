package dev.lamella.core.ledger;

import dev.lamella.core.api.GpuNodeSpec;
import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.Holder;
import dev.lamella.core.api.SliceStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A node's GPUs as its daemon reports them.
 *
 * @param name the node's name
 * @param version the GpuNode's resourceVersion
 * @param held what each pod holds by the report, by UID and slice: shares, 0 for the whole slice
 */
public record GpuNodeFact(
    String name,
    long version,
    GpuNodeSpec spec,
    GpuNodeStatus status,
    Map<String, Map<String, Integer>> held) {

  public GpuNodeFact {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(spec, "spec");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(held, "held");
  }

  /** What holders there are is read from the status, once. */
  public GpuNodeFact(String name, long version, GpuNodeSpec spec, GpuNodeStatus status) {
    this(name, version, spec, status, held(status));
  }

  private static Map<String, Map<String, Integer>> held(GpuNodeStatus status) {
    Map<String, Map<String, Integer>> held = new HashMap<>();
    for (GpuStatus gpu : status.gpus()) {
      for (SliceStatus slice : gpu.slices()) {
        for (Holder holder : slice.holders()) {
          if (holder.uid() != null) {
            held.computeIfAbsent(holder.uid(), uid -> new HashMap<>())
                .merge(slice.uuid(), Math.max(0, holder.shares()), Math::max);
          }
        }
      }
    }
    return held;
  }

  /** What a pod holds by the report: shares by slice, 0 for the whole slice. */
  Map<String, Integer> heldBy(String uid) {
    return held.getOrDefault(uid, Map.of());
  }

  /** How far the report had seen the node's pods; 0 if it does not say. */
  long observed() {
    String text = status.observedPodResourceVersion();
    return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }
}
