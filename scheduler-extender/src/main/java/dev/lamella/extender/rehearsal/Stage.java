package dev.lamella.extender.rehearsal;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.amount.Cap;
import dev.lamella.core.api.GpuNodeSpec;
import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.ledger.Event;
import dev.lamella.core.ledger.GpuNodeFact;
import dev.lamella.core.ledger.NodeFact;
import dev.lamella.core.ledger.Phase;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.core.tenancy.NamespaceClaim;
import dev.lamella.core.tenancy.Quota;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.TenantClass;
import dev.lamella.core.tenancy.WholeSlices;
import dev.lamella.extender.decide.LedgerOwner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** The cluster of a rehearsal: nodes of two GPUs, on each of which two pods hold a slice. */
final class Stage {

  static final int NODES = 100;
  static final String WHOLE = "nvidia.com/mig-1g.5gb";
  static final String SHARE = "nvidia.com/mig-1g.5gb.shared";

  private static final String PROFILE = "1g.5gb";
  private static final int GPUS = 2;
  private static final int SLICES = 7;
  private static final int SHARES = 4;

  private static final int MOST_WAITS = 30_000;

  private long version;

  private Stage() {}

  static String name(int node) {
    return "rehearsed-%03d".formatted(node);
  }

  /**
   * Shows all of it to a ledger.
   *
   * @throws IOException if the ledger takes too long to see it
   */
  static void set(LedgerOwner owner) throws IOException {
    events().forEach(owner::accept);
    try {
      for (int waits = 0; owner.snapshot().nodes().size() < NODES; waits++) {
        if (waits == MOST_WAITS) {
          throw new IOException("the ledger is busy");
        }
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static List<Event> events() {
    Stage stage = new Stage();
    List<Event> events = new ArrayList<>();
    events.add(stage.tenant("first", TenantClass.LATENCY_CRITICAL));
    events.add(stage.tenant("second", TenantClass.BEST_EFFORT));
    for (int node = 0; node < NODES; node++) {
      String name = name(node);
      events.add(stage.node(name));
      events.add(stage.gpuNode(name));
      events.add(stage.pod("first", name, Held.whole(ResourceName.whole(PROFILE), uuids(name, 0))));
      events.add(
          stage.pod(
              "second",
              name,
              Held.shares(ResourceName.shared(PROFILE), uuids(name, 1).get(0), SHARES - 1)));
    }
    return events;
  }

  private Event tenant(String name, TenantClass tenantClass) {
    Cap guaranteed =
        new Cap(OptionalLong.of(NODES * Amount.of(1, 0).computeParts()), OptionalLong.empty());
    Quota quota = new Quota(Optional.of(guaranteed), Cap.UNLIMITED, Map.of());
    return new Event.TenantSeen(
        new Tenant(
            name,
            NamespaceClaim.byName(name),
            tenantClass,
            0,
            Tenant.DEFAULT_COHORT,
            WholeSlices.BORROW,
            quota),
        ++version);
  }

  private Event node(String name) {
    int slices = GPUS * SLICES;
    return new Event.NodeSeen(
        new NodeFact(
            name,
            ++version,
            Map.of(
                ResourceName.whole(PROFILE),
                slices,
                ResourceName.shared(PROFILE),
                slices * SHARES)));
  }

  private Event gpuNode(String name) {
    List<GpuStatus> gpus =
        IntStream.range(0, GPUS)
            .mapToObj(
                gpu ->
                    new GpuStatus(
                        "GPU-" + name + gpu, "A100-SXM4-40GB", true, gpu, slices(name, gpu)))
            .toList();
    GpuNodeStatus status = new GpuNodeStatus(true, "0", "0", gpus, List.of());
    return new Event.GpuNodeSeen(
        new GpuNodeFact(name, ++version, new GpuNodeSpec(List.of()), status));
  }

  private static List<SliceStatus> slices(String name, int gpu) {
    return IntStream.range(0, SLICES)
        .mapToObj(
            start ->
                new SliceStatus(
                    uuids(name, gpu * SLICES + start).get(0),
                    PROFILE,
                    1,
                    4_864,
                    start,
                    1,
                    "Healthy",
                    "Free",
                    SHARES,
                    List.of()))
        .toList();
  }

  private static List<String> uuids(String name, int slice) {
    return List.of("MIG-" + name + "-" + slice);
  }

  private Event pod(String namespace, String node, Held held) {
    return new Event.PodSeen(
        new PodFact(
            new PodRef(namespace + node, namespace, node),
            ++version,
            Optional.of(node),
            Phase.RUNNING,
            0,
            PodNeeds.of(held.resource(), held.devices()),
            Optional.of(new Assignment(version, List.of(held))),
            PodFact.Traits.ORDINARY));
  }
}
