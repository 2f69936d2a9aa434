package dev.lamella.core.explain;

import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.PodCharge;
import dev.lamella.core.ledger.SliceHold;
import dev.lamella.core.ledger.SliceState;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.reclaim.Taking;
import dev.lamella.core.reclaim.Takings;
import dev.lamella.core.tenancy.Tenant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns holds into what the viewer may know of them. */
final class Holders {

  private static final Comparator<Holder> ORDER =
      Comparator.comparing(Holder::tenant)
          .thenComparing(Holder::namespace, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(Holder::name, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparingInt(Holder::shares);

  private final Snapshot snapshot;
  private final Viewer viewer;
  private final Map<String, Set<String>> guaranteed = new HashMap<>();

  Holders(Snapshot snapshot, Viewer viewer) {
    this.snapshot = snapshot;
    this.viewer = viewer;
  }

  /** Of a slice, by tenant and name. */
  List<Holder> of(NodeState node, SliceState slice, Optional<Takings> takings) {
    return slice.holds().stream()
        .map(hold -> of(node, hold, takings.map(t -> t.of(hold))))
        .sorted(ORDER)
        .toList();
  }

  Holder of(NodeState node, SliceHold hold, Optional<Taking> taking) {
    Optional<PodCharge> charge = charge(node, hold.pod());
    boolean leaving = charge.map(c -> c.traits().terminating()).orElse(true);
    return holder(hold.pod(), hold.shares(), leaving, taking.map(Taking::sentence).orElse(null));
  }

  /** A pod as a holder. */
  Holder holder(PodRef pod, int shares, boolean leaving, String reclaim) {
    Tenant tenant = snapshot.tenants().of(pod.namespace());
    boolean seen = viewer.sees(pod);
    return new Holder(
        tenant.name(),
        seen ? pod.namespace() : null,
        seen ? pod.name() : null,
        shares,
        snapshot.reservation(pod.uid()).isPresent(),
        leaving,
        !leaving && !guaranteed(tenant).contains(pod.uid()),
        reclaim);
  }

  boolean sees(PodRef pod) {
    return viewer.sees(pod);
  }

  private Set<String> guaranteed(Tenant tenant) {
    return guaranteed.computeIfAbsent(
        tenant.name(),
        name -> {
          Set<String> uids = new HashSet<>();
          snapshot.usage(tenant).guaranteed().forEach(charge -> uids.add(charge.pod().uid()));
          return uids;
        });
  }

  private static Optional<PodCharge> charge(NodeState node, PodRef pod) {
    return node.charges().stream().filter(c -> c.pod().uid().equals(pod.uid())).findFirst();
  }
}
