package dev.lamella.simulator.bench;

import dev.lamella.core.amount.Cap;
import dev.lamella.core.amount.Quantity;
import dev.lamella.core.api.GpuNodeSpec;
import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.ledger.Event;
import dev.lamella.core.ledger.GpuNodeFact;
import dev.lamella.core.ledger.Ledger;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A large cluster: nodes of 8 GPUs of 7 slices 1g.5gb, of which the first ones are held. */
final class BenchCluster {

  static final String PROFILE = "1g.5gb";
  static final ResourceName WHOLE = ResourceName.whole(PROFILE);
  static final ResourceName SHARE = ResourceName.shared(PROFILE);

  private static final int GPUS = 8;
  private static final int SLICES = 7;
  private static final int SHARES = 4;

  private final Ledger ledger = new Ledger();
  private final int nodes;
  private long version = 1;

  /**
   * @param podsPerNode pods that hold a slice each: whole ones of a latency-critical tenant and
   *     pods of four shares of a best-effort one, in turn
   */
  BenchCluster(int nodes, int podsPerNode) {
    this.nodes = nodes;
    int compute = nodes * GPUS * SLICES;
    tenant("alpha", TenantClass.LATENCY_CRITICAL, compute / 2);
    tenant("beta", TenantClass.BEST_EFFORT, compute / 4);
    for (int node = 0; node < nodes; node++) {
      node(node);
      for (int pod = 0; pod < podsPerNode; pod++) {
        ledger.apply(new Event.PodSeen(held(node, pod)));
      }
    }
    ledger.snapshot();
  }

  Ledger ledger() {
    return ledger;
  }

  static String name(int node) {
    return "node-%05d".formatted(node);
  }

  /** Every n-th node, so that candidates lie all over the cluster. */
  List<String> candidates(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(name((int) ((long) i * nodes / count)));
    }
    return names;
  }

  /** A pod that asks for slices and is not bound. */
  PodFact pending(String namespace, String name, ResourceName resource, int count) {
    return new PodFact(
        new PodRef("uid-" + name, namespace, name),
        ++version,
        Optional.empty(),
        Phase.PENDING,
        0,
        PodNeeds.of(resource, count),
        Optional.empty(),
        PodFact.Traits.ORDINARY);
  }

  long nextVersion() {
    return ++version;
  }

  private void tenant(String name, TenantClass tenantClass, int guaranteed) {
    Cap cap =
        new Cap(
            OptionalLong.of(Quantity.computeParts(Integer.toString(guaranteed))),
            OptionalLong.empty());
    ledger.apply(
        new Event.TenantSeen(
            new Tenant(
                name,
                NamespaceClaim.byName(name),
                tenantClass,
                0,
                Tenant.DEFAULT_COHORT,
                WholeSlices.BORROW,
                new Quota(Optional.of(cap), Cap.UNLIMITED, Map.of())),
            ++version));
  }

  private void node(int node) {
    List<GpuStatus> gpus = new ArrayList<>();
    for (int gpu = 0; gpu < GPUS; gpu++) {
      List<SliceStatus> slices = new ArrayList<>();
      for (int slice = 0; slice < SLICES; slice++) {
        slices.add(
            new SliceStatus(
                uuid(node, gpu * SLICES + slice),
                PROFILE,
                1,
                4_864,
                slice,
                1,
                "Healthy",
                "Free",
                SHARES,
                List.of()));
      }
      gpus.add(new GpuStatus("GPU-%d-%d".formatted(node, gpu), "A100-SXM4-40GB", true, 0, slices));
    }
    int total = GPUS * SLICES;
    ledger.apply(
        new Event.NodeSeen(
            new NodeFact(name(node), ++version, Map.of(WHOLE, total, SHARE, total * SHARES))));
    ledger.apply(
        new Event.GpuNodeSeen(
            new GpuNodeFact(
                name(node),
                ++version,
                new GpuNodeSpec(List.of()),
                new GpuNodeStatus(true, "575", "1", gpus, List.of()))));
  }

  static String uuid(int node, int slice) {
    return "MIG-%05d-%02d".formatted(node, slice);
  }

  private PodFact held(int node, int slice) {
    boolean whole = slice % 2 == 0;
    ResourceName resource = whole ? WHOLE : SHARE;
    List<String> uuids = List.of(uuid(node, slice));
    Held held = new Held(resource, uuids, whole ? 0 : SHARES);
    String name = "p-%d-%d".formatted(node, slice);
    return new PodFact(
        new PodRef("uid-" + name, whole ? "alpha" : "beta", name),
        ++version,
        Optional.of(name(node)),
        Phase.RUNNING,
        0,
        PodNeeds.of(resource, held.devices()),
        Optional.of(new Assignment(version, List.of(held))),
        PodFact.Traits.ORDINARY);
  }
}
