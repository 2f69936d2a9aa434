package dev.lamella.extender;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.amount.Cap;
import dev.lamella.core.api.GpuNodeSpec;
import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.ledger.Event;
import dev.lamella.core.ledger.GpuNodeFact;
import dev.lamella.core.ledger.NodeFact;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.core.tenancy.NamespaceClaim;
import dev.lamella.core.tenancy.Quota;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.TenantClass;
import dev.lamella.core.tenancy.WholeSlices;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Events of a small cluster. */
public final class Cluster {

  private Cluster() {}

  /** A node with one GPU of so many 1g.5gb slices, MIG-NAME-0 and on, each of four shares. */
  public static List<Event> node(String name, int slices) {
    NodeFact node =
        new NodeFact(
            name,
            1,
            Map.of(
                ResourceName.whole("1g.5gb"), slices, ResourceName.shared("1g.5gb"), 4 * slices));
    return Stream.concat(Stream.of(new Event.NodeSeen(node)), report(name, slices, 1).stream())
        .toList();
  }

  /** The node's report that nobody holds anything, of this version, having seen all before it. */
  public static List<Event> report(String name, int slices, long version) {
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
    GpuNodeStatus status =
        new GpuNodeStatus(true, "575", Long.toString(version), List.of(gpu), List.of());
    return List.of(
        new Event.GpuNodeSeen(new GpuNodeFact(name, version, new GpuNodeSpec(List.of()), status)));
  }

  /** A latency-critical tenant with a namespace of its name, promised so many compute slices. */
  public static Tenant promised(String name, int computeSlices) {
    Cap guaranteed = new Cap(OptionalLong.of(computeSlices * Amount.PARTS), OptionalLong.empty());
    return new Tenant(
        name,
        NamespaceClaim.byName(name),
        TenantClass.LATENCY_CRITICAL,
        1000,
        Tenant.DEFAULT_COHORT,
        WholeSlices.BORROW,
        new Quota(Optional.of(guaranteed), Cap.UNLIMITED, Map.of()));
  }
}
