package dev.lamella.extender;

import dev.lamella.core.api.GpuNodeSpec;
import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.ledger.Event;
import dev.lamella.core.ledger.GpuNodeFact;
import dev.lamella.core.ledger.NodeFact;
import dev.lamella.core.resource.ResourceName;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Events of a small cluster. */
public final class Cluster {

  private Cluster() {}

  /** A node with one GPU of so many 1g.5gb slices, MIG-NAME-0 and on, each of four shares. */
  public static List<Event> node(String name, int slices) {
    List<SliceStatus> list =
        IntStream.range(0, slices)
            .mapToObj(
                i ->
                    new SliceStatus(
                        "MIG-" + name + "-" + i,
                        "1g.5gb",
                        1,
                        4864,
                        i,
                        1,
                        "Healthy",
                        "Free",
                        4,
                        List.of()))
            .toList();
    GpuStatus gpu = new GpuStatus("GPU-" + name, "A100-SXM4-40GB", true, null, list);
    return List.of(
        new Event.NodeSeen(
            new NodeFact(
                name,
                1,
                Map.of(
                    ResourceName.whole("1g.5gb"),
                    slices,
                    ResourceName.shared("1g.5gb"),
                    4 * slices))),
        new Event.GpuNodeSeen(
            new GpuNodeFact(
                name,
                1,
                new GpuNodeSpec(List.of()),
                new GpuNodeStatus(true, "575", "1", List.of(gpu), List.of()))));
  }
}
