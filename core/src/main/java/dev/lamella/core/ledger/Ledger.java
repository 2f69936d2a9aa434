package dev.lamella.core.ledger;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.Tenants;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The account of who holds what.
 *
 * <h2>Goals</h2>
 *
 * The same set of events gives the same ledger, in whatever order they come and however often. What
 * a pod is charged goes when it goes: nothing is added up that could drift.
 *
 * <h2>Constraints</h2>
 *
 * One owner calls it, from one thread at a time; everybody else reads {@link Snapshot}s. A slice
 * whose holder did not end by itself, or that is to change its mode, stays taken until the node's
 * report names the holder as gone.
 *
 * <h2>Algorithm</h2>
 *
 * Keep the newest sighting of each object. When one changes, build anew the state of the node that
 * it concerns from those sightings. A bind under way stands in for the sighting that it will cause.
 */
public final class Ledger {

  /** Deleted pods remembered, so that a late sighting does not bring them back. */
  private static final int REMEMBERED = 100_000;

  private final Versioned<NodeFact> nodes = new Versioned<>();
  private final NodeReports reports = new NodeReports();
  private final Versioned<Tenant> tenants = new Versioned<>();
  private final Versioned<Map<String, String>> namespaces = new Versioned<>();
  private final Map<String, PodEntry> pods = new TreeMap<>();
  private final Map<String, Set<String>> podsByNode = new TreeMap<>();
  private final Map<String, Reservation> reservations = new TreeMap<>();
  private final Set<String> goneUnbound = new LinkedHashSet<>();
  private final Set<String> tombstones = new LinkedHashSet<>();

  private final SortedMap<String, NodeState> states = new TreeMap<>();
  private final Set<String> stale = new TreeSet<>();
  private final UsageBook usage = new UsageBook();
  private Amount capacity = Amount.ZERO;
  private NodeTable table = NodeTable.EMPTY;
  private Tenants tenantsNow = Tenants.NONE;
  private boolean tenantsChanged;
  private Snapshot snapshot = Snapshot.EMPTY;

  /** Takes an event in. Old news changes nothing. */
  public void apply(Event event) {
    if (event instanceof Event.PodSeen e) {
      change(e.pod().ref().uid(), entry(e.pod().ref().uid()).seen(e.pod()));
    } else if (event instanceof Event.PodGone e) {
      change(e.uid(), entry(e.uid()).gone(e.version()));
    } else if (event instanceof Event.NodeSeen e) {
      touch(e.node().name(), nodes.put(e.node().name(), e.node().version(), e.node()));
    } else if (event instanceof Event.NodeGone e) {
      touch(e.name(), nodes.remove(e.name(), e.version()));
    } else if (event instanceof Event.GpuNodeSeen e) {
      touch(e.gpuNode().name(), reports.put(e.gpuNode()));
    } else if (event instanceof Event.GpuNodeGone e) {
      touch(e.name(), reports.remove(e.name(), e.version()));
    } else {
      applyTenancy(event);
    }
  }

  private void applyTenancy(Event event) {
    boolean news = false;
    if (event instanceof Event.TenantSeen e) {
      news = tenants.put(e.tenant().name(), e.version(), e.tenant());
    } else if (event instanceof Event.TenantGone e) {
      news = tenants.remove(e.name(), e.version());
    } else if (event instanceof Event.NamespaceSeen e) {
      news = namespaces.put(e.name(), e.version(), e.labels());
    } else if (event instanceof Event.NamespaceGone e) {
      news = namespaces.remove(e.name(), e.version());
    }
    if (news) {
      tenantsChanged = true;
    }
  }

  /**
   * Holds slices for a bind that is about to be written. It stands until the pod is seen bound or
   * gone, or {@link #unbind} takes it back.
   */
  public void bind(PodFact pod, String node, Assignment assignment) {
    change(pod.ref().uid(), entry(pod.ref().uid()).placed(pod.boundTo(node, assignment), false));
  }

  /**
   * Keeps slices for a pod while their holders go. It stands until the pod is bound, seen bound or
   * gone, or {@link #release} ends it.
   *
   * @param now in milliseconds since the epoch
   */
  public void reserve(PodFact pod, Reservation reservation, long now) {
    PodFact place = pod.boundTo(reservation.node(), new Assignment(now, reservation.held()));
    change(pod.ref().uid(), entry(pod.ref().uid()).placed(place, true));
  }

  /** Ends a pod's reservation, if it has one. */
  public void release(String uid) {
    if (entry(uid).reserved()) {
      change(uid, entry(uid).unplaced());
    }
  }

  /** Takes back a bind that was certainly not written. */
  public void unbind(String uid) {
    if (pods.containsKey(uid) && !pods.get(uid).reserved()) {
      change(uid, pods.get(uid).unplaced());
    }
  }

  /** The pod as last seen, a bind under way included, a reservation not. */
  public Optional<PodFact> pod(String uid) {
    return Optional.ofNullable(pods.get(uid))
        .filter(entry -> entry.goneAt() == 0)
        .map(entry -> entry.reserved() ? entry.fact() : entry.effective());
  }

  /** Every pod that is not gone, as {@link #pod} has it, by UID. */
  public List<PodFact> pods() {
    List<PodFact> all = new ArrayList<>(pods.size());
    for (PodEntry entry : pods.values()) {
      PodFact pod = entry.reserved() ? entry.fact() : entry.effective();
      if (entry.goneAt() == 0 && pod != null) {
        all.add(pod);
      }
    }
    return all;
  }

  /**
   * Pods that were seen and are not bound, by UID; what is being bound or has ended is left out.
   */
  public List<PodFact> waiting() {
    return pods.values().stream()
        .filter(entry -> entry.goneAt() == 0 && entry.fact() != null)
        .map(entry -> entry.reserved() ? entry.fact() : entry.effective())
        .filter(pod -> pod.node().isEmpty() && !pod.phase().terminal())
        .toList();
  }

  /** The ledger as it stands. */
  public Snapshot snapshot() {
    if (stale.isEmpty() && !tenantsChanged) {
      return snapshot;
    }
    boolean sameNodes = true;
    List<PodCharge> before = new ArrayList<>();
    List<PodCharge> after = new ArrayList<>();
    for (String node : stale) {
      NodeState was = states.get(node);
      NodeState is = rebuild(node);
      sameNodes &= (was == null) == (is == null);
      before.addAll(was == null ? List.of() : was.charges());
      after.addAll(is == null ? List.of() : is.charges());
    }
    usage.replace(before, after);
    table = sameNodes ? table.with(newer()) : NodeTable.of(states);
    stale.clear();
    Map<String, TenantUsage> usages;
    if (tenantsChanged) {
      tenantsNow = new Tenants(tenants.values(), namespaces.asMap());
      tenantsChanged = false;
      usages = usage.usagesOfNew(tenantsNow);
    } else {
      usages = usage.usages(tenantsNow);
    }
    snapshot = new Snapshot(table, tenantsNow, usages, usage.mix(), capacity, reservations);
    return snapshot;
  }

  private Map<String, NodeState> newer() {
    Map<String, NodeState> newer = new TreeMap<>();
    stale.stream().filter(states::containsKey).forEach(n -> newer.put(n, states.get(n)));
    return newer;
  }

  private PodEntry entry(String uid) {
    return pods.getOrDefault(uid, PodEntry.EMPTY);
  }

  private void change(String uid, PodEntry next) {
    PodEntry old = pods.get(uid);
    if (tombstones.contains(uid) || next.equals(old)) {
      return;
    }
    if (old != null && next.countsAs(old)) {
      pods.put(uid, next);
      return;
    }
    detach(uid, old);
    goneUnbound.remove(uid);
    keepReservation(uid, next);
    if (next.effective() == null && next.goneAt() == 0) {
      pods.remove(uid);
      return;
    }
    pods.put(uid, next);
    if (next.goneAt() > 0 && next.node().isEmpty()) {
      rememberUnbound(uid);
    }
    next.node()
        .ifPresent(
            node -> {
              podsByNode.computeIfAbsent(node, n -> new TreeSet<>()).add(uid);
              stale.add(node);
            });
  }

  private void keepReservation(String uid, PodEntry entry) {
    if (entry.reserved()) {
      PodFact place = entry.provisional();
      reservations.put(
          uid,
          new Reservation(place.node().orElseThrow(), place.assignment().orElseThrow().held()));
    } else {
      reservations.remove(uid);
    }
  }

  private void detach(String uid, PodEntry old) {
    if (old != null && old.node().isPresent()) {
      podsByNode.getOrDefault(old.node().get(), new TreeSet<>()).remove(uid);
      stale.add(old.node().get());
    }
  }

  private void touch(String node, boolean news) {
    if (news) {
      stale.add(node);
    }
  }

  /** Null if there is nothing of that name any more. */
  private NodeState rebuild(String name) {
    NodeFact node = nodes.get(name).orElse(null);
    NodeReport report = reports.of(name);
    forgetThoseLetGo(name, node == null && !report.present(), report);
    Collection<PodEntry> here =
        podsByNode.getOrDefault(name, Set.of()).stream().map(pods::get).toList();
    NodeState old = states.get(name);
    NodeState now =
        node == null && !report.present() && here.isEmpty()
            ? null
            : new NodeStateBuilder(name, node, report, here).build();
    if (now == null) {
      states.remove(name);
      podsByNode.remove(name);
    } else {
      states.put(name, now);
    }
    capacity =
        capacity
            .minus(old == null ? Amount.ZERO : old.capacity())
            .plus(now == null ? Amount.ZERO : now.capacity());
    return now;
  }

  private void forgetThoseLetGo(String name, boolean noNode, NodeReport report) {
    List<String> over = new ArrayList<>();
    for (String uid : podsByNode.getOrDefault(name, Set.of())) {
      PodEntry pod = pods.get(uid);
      if (pod.goneAt() > 0 && (noNode || report.letGo(pod))) {
        over.add(uid);
      }
    }
    for (String uid : over) {
      podsByNode.get(name).remove(uid);
      forget(uid);
    }
  }

  /** It may still turn out to have been bound, if an earlier sighting comes late. */
  private void rememberUnbound(String uid) {
    goneUnbound.add(uid);
    if (goneUnbound.size() > REMEMBERED) {
      forget(goneUnbound.iterator().next());
    }
  }

  private void forget(String uid) {
    pods.remove(uid);
    goneUnbound.remove(uid);
    tombstones.add(uid);
    if (tombstones.size() > REMEMBERED) {
      tombstones.remove(tombstones.iterator().next());
    }
  }
}
