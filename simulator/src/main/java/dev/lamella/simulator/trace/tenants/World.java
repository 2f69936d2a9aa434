package dev.lamella.simulator.trace.tenants;

import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.ledger.Event;
import dev.lamella.core.ledger.Ledger;
import dev.lamella.core.ledger.Phase;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.ledger.Reservation;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.tenancy.Tenant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The hardware, the API server's objects and the ledger fed from them. Everything that happens to a
 * pod goes through here, so that the three stay together as they do in a cluster.
 */
final class World {

  private final Hardware hardware;
  private final List<Tenant> tenants;
  private final List<String> nodes;
  private final Ledger ledger = new Ledger();

  /** What a watch that starts now would list, by what it is of. */
  private final Map<String, Event> facts = new LinkedHashMap<>();

  private final Set<String> goneUnreported = new TreeSet<>();
  private final Set<String> reserved = new TreeSet<>();
  private long version;

  World(Scene scene) {
    hardware = new Hardware(scene);
    tenants = scene.tenants();
    nodes = scene.nodeNames();
    for (Tenant tenant : tenants) {
      see("tenant " + tenant.name(), new Event.TenantSeen(tenant, ++version));
    }
    for (String node : nodes) {
      see("node " + node, new Event.NodeSeen(hardware.node(node, ++version)));
      report(node);
    }
  }

  Hardware hardware() {
    return hardware;
  }

  Snapshot snapshot() {
    return ledger.snapshot();
  }

  List<Tenant> tenants() {
    return tenants;
  }

  private void see(String what, Event event) {
    facts.put(what, event);
    ledger.apply(event);
  }

  private void seen(SimPod pod, Phase phase) {
    see("pod " + pod.ref.uid(), new Event.PodSeen(pod.fact(++version, phase)));
  }

  void submitted(SimPod pod) {
    seen(pod, Phase.PENDING);
  }

  PodFact fact(SimPod pod) {
    return ledger.pod(pod.ref.uid()).orElseThrow();
  }

  /** As the extender binds: it reserves in the ledger, then the watch shows the pod bound. */
  void bind(SimPod pod, String node, List<Held> held, long now) {
    Assignment assignment = new Assignment(now, held);
    ledger.bind(fact(pod), node, assignment);
    hardware.take(pod.ref, held);
    reserved.remove(pod.ref.uid());
    pod.bound(node, assignment);
    seen(pod, Phase.RUNNING);
  }

  void reserve(SimPod pod, Reservation reservation, long now) {
    ledger.reserve(fact(pod), reservation, now);
    reserved.add(pod.ref.uid());
  }

  /** The pod's deletion begins. */
  void terminating(SimPod pod) {
    pod.stage = SimPod.Stage.LEAVING;
    seen(pod, Phase.RUNNING);
  }

  /** The pod ended by itself. */
  void succeeded(SimPod pod) {
    hardware.release(pod.ref, pod.held());
    pod.stage = SimPod.Stage.GONE;
    seen(pod, Phase.SUCCEEDED);
  }

  /** The pod is deleted; if it was bound the node's report has yet to say so. */
  void gone(SimPod pod) {
    if (pod.stage == SimPod.Stage.LEAVING) {
      hardware.release(pod.ref, pod.held());
      goneUnreported.add(pod.ref.uid());
    }
    reserved.remove(pod.ref.uid());
    pod.stage = SimPod.Stage.GONE;
    facts.remove("pod " + pod.ref.uid());
    ledger.apply(new Event.PodGone(pod.ref.uid(), ++version));
  }

  /** The node's daemon reports what it sees. */
  void report(String node) {
    see("report " + node, new Event.GpuNodeSeen(hardware.report(node, ++version)));
  }

  /** A report has named what the pod held as free. */
  void reportedGone(SimPod pod) {
    goneUnreported.remove(pod.ref.uid());
  }

  /** Whether the ledger knows nothing that a watch starting now would not show. */
  boolean factsSayAll() {
    return reserved.isEmpty() && goneUnreported.isEmpty();
  }

  /** A ledger as a new leader would build it. */
  Snapshot rebuilt() {
    Ledger fresh = new Ledger();
    facts.values().forEach(fresh::apply);
    return fresh.snapshot();
  }

  /** Whether no reservation is left. */
  boolean nothingReserved() {
    return reserved.isEmpty();
  }
}
