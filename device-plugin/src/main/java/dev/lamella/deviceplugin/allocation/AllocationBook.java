package dev.lamella.deviceplugin.allocation;

import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.Choice.Basis;
import dev.lamella.deviceplugin.allocation.Dues.Due;
import dev.lamella.deviceplugin.allocation.Verdict.Granted;
import dev.lamella.deviceplugin.allocation.Verdict.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What is assigned, handed out and held on this node. One lock owns it all; the kubelet's questions
 * are answered from memory, and wait only for news that other threads bring.
 */
public final class AllocationBook {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Patience patience;
  private final LongSupplier nanos;
  private final Pods pods = new Pods();
  private Catalogue catalogue = Catalogue.empty();
  private Holds holds = new Holds(catalogue);
  private boolean closed;

  /**
   * @param nanos a clock that only moves forward, in nanoseconds
   */
  public AllocationBook(Patience patience, LongSupplier nanos) {
    this.patience = patience;
    this.nanos = nanos;
  }

  /** Sets what the node offers. */
  public void offer(Catalogue offered) {
    change(
        () -> {
          catalogue = offered;
          holds = holds.under(offered);
        });
  }

  /** Sets the node's pods: what a list found. Those not in it have ended. */
  public void listed(Collection<KnownPod> listed) {
    change(
        () -> {
          Set<String> before = Set.copyOf(pods.all().stream().map(KnownPod::uid).toList());
          pods.replace(listed);
          before.stream().filter(uid -> !pods.knows(uid)).forEach(holds::podGone);
        });
  }

  /** A pod of this node is new or was changed. */
  public void seen(KnownPod pod) {
    change(() -> pods.put(pod));
  }

  /** A pod of this node has ended, or is gone. */
  public void gone(String uid) {
    change(
        () -> {
          pods.remove(uid);
          holds.podGone(uid);
        });
  }

  /** Takes over what pod-resources showed. */
  public void reconcile(Reading reading) {
    change(() -> holds.reconcile(reading, pods, patience));
  }

  /** Who holds what now, by slice rank and share. */
  public List<Hold> holds() {
    lock.lock();
    try {
      return List.copyOf(holds.all());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Devices of slices that their pods were not assigned: the kubelet took others, and what the node
   * reports corrects the scheduler's ledger.
   */
  public List<Hold> mismatches() {
    lock.lock();
    try {
      return holds.all().stream().filter(Hold::confirmed).filter(this::mismatched).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Slices of which shares are held, or were assigned to pods that have not ended. */
  public Set<String> sharedSlices() {
    lock.lock();
    try {
      Set<String> slices = new TreeSet<>();
      holds.all().stream().filter(h -> h.resource().shared()).forEach(h -> slices.add(h.slice()));
      pods.all().forEach(pod -> slices.addAll(pod.sharedSlices()));
      return slices;
    } finally {
      lock.unlock();
    }
  }

  private boolean mismatched(Hold hold) {
    return hold.uid()
        .flatMap(pods::byUid)
        .filter(pod -> pod.assignment().isPresent() && !pod.wasGiven(hold.slice()))
        .isPresent();
  }

  /** Whether a pod that ended still shows as a holder: then a reading is due again soon. */
  public boolean awaitsRelease() {
    lock.lock();
    try {
      return holds.all().stream().anyMatch(h -> h.uid().filter(u -> !pods.knows(u)).isPresent());
    } finally {
      lock.unlock();
    }
  }

  /** Whether something was handed out that no reading has shown yet. */
  public boolean awaitsConfirmation() {
    lock.lock();
    try {
      return holds.all().stream().anyMatch(hold -> !hold.confirmed());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Says what the kubelet should take. Waits for an assignment that matches, then falls back.
   *
   * @throws InterruptedException if the calling thread is told to stop
   */
  public Choice prefer(Ask ask) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      holds.release(ask, pods);
      long deadline = nanos.getAsLong() + patience.forAssignment().toNanos();
      Optional<List<DeviceId>> assigned = assigned(ask);
      while (assigned.isEmpty() && await(deadline)) {
        assigned = assigned(ask);
      }
      return assigned
          .map(devices -> new Choice(devices, Basis.ASSIGNMENT))
          .orElseGet(() -> new Choice(fallback(ask), Basis.FALLBACK));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hands devices out, or says why not.
   *
   * @param ids device ids as the kubelet wrote them, in any order
   * @throws InterruptedException if the calling thread is told to stop
   */
  public Verdict allocate(ResourceName resource, List<String> ids) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Guard guard = new Guard(resource, catalogue);
      List<DeviceId> devices = new ArrayList<>();
      Optional<Refused> refused = guard.readIds(ids, devices);
      long deadline = nanos.getAsLong() + patience.forRelease().toNanos();
      if (refused.isEmpty()) {
        refused = guard.held(devices, holds.all());
        while (refused.isPresent() && await(deadline)) {
          refused = guard.held(devices, holds.all());
        }
      }
      refused =
          refused
              .or(() -> guard.cordoned(unowed(resource, devices), holds.all()))
              .or(() -> guard.promised(unowed(resource, devices), dues(resource.otherMode())));
      if (refused.isPresent()) {
        return refused.get();
      }
      holds.handOut(resource, devices, podOf(resource, devices), nanos.getAsLong());
      news.signalAll();
      return new Granted(devices.stream().map(DeviceId::slice).distinct().sorted().toList());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until no pod is owed anything: each has what it was assigned.
   *
   * @return whether that came about within the limit
   */
  public boolean awaitSettled(Duration limit) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long deadline = nanos.getAsLong() + limit.toNanos();
      boolean settled = settled();
      while (!settled && await(deadline)) {
        settled = settled();
      }
      return settled;
    } finally {
      lock.unlock();
    }
  }

  private boolean settled() {
    return catalogue.resources().stream().allMatch(resource -> dues(resource).isEmpty());
  }

  /** Lets every question that waits be answered at once, and none wait any more. */
  public void close() {
    change(() -> closed = true);
  }

  private Optional<List<DeviceId>> assigned(Ask ask) {
    if (ask.needed() == 0) {
      return Optional.of(ask.mustInclude());
    }
    Ask usable = usable(ask);
    return preferred(unheld(usable)).or(() -> preferred(usable)).or(() -> preferred(ask));
  }

  private Optional<List<DeviceId>> preferred(Ask ask) {
    return new Preference(ask, catalogue)
        .choose(dues(ask.resource()), holds.uids(ask.mustInclude()));
  }

  /** Without what would be refused now; a pod of the same shape may be owed something else. */
  private Ask usable(Ask ask) {
    List<DeviceId> usable =
        ask.available().stream()
            .filter(device -> !holds.otherwise(ask.resource(), device.slice()))
            .toList();
    return new Ask(ask.resource(), usable, ask.mustInclude(), ask.size());
  }

  /** Without what pods hold by all that is known here, though the kubelet offers it. */
  private Ask unheld(Ask ask) {
    List<DeviceId> unheld = ask.available().stream().filter(device -> !holds.held(device)).toList();
    return new Ask(ask.resource(), unheld, ask.mustInclude(), ask.size());
  }

  private List<DeviceId> fallback(Ask ask) {
    List<DeviceId> devices = guess(unheld(ask));
    return devices.size() < ask.size() ? guess(ask) : devices;
  }

  private List<DeviceId> guess(Ask ask) {
    List<Due> same = dues(ask.resource());
    List<Due> other = dues(ask.resource().otherMode());
    return new Fallback(ask, catalogue, holds.all(), same, other).choose();
  }

  /** Whose devices these are: who holds them already, or is owed the most of them. */
  private Optional<KnownPod> podOf(ResourceName resource, List<DeviceId> devices) {
    Optional<KnownPod> holder =
        holds.uids(devices).stream().sorted().flatMap(uid -> pods.byUid(uid).stream()).findFirst();
    return holder.or(
        () ->
            dues(resource).stream()
                .filter(due -> owed(due, devices) > 0)
                .min(
                    Comparator.comparingInt((Due due) -> -owed(due, devices))
                        .thenComparing(Preference.order(devices.size(), Set.of())))
                .map(Due::pod));
  }

  private static int owed(Due due, List<DeviceId> devices) {
    return due.slices().entrySet().stream()
        .mapToInt(
            e ->
                (int)
                    Math.min(
                        e.getValue(),
                        devices.stream().filter(d -> d.slice().equals(e.getKey())).count()))
        .sum();
  }

  /**
   * The devices of slices that nobody is owed in this mode. Slices that pods are owed in both modes
   * were never assigned so: one of the annotations is not the extender's, and keeps nobody out.
   */
  private List<DeviceId> unowed(ResourceName resource, List<DeviceId> devices) {
    List<Due> dues = dues(resource);
    return devices.stream()
        .filter(d -> dues.stream().noneMatch(due -> due.slices().containsKey(d.slice())))
        .toList();
  }

  private List<Due> dues(ResourceName resource) {
    return Dues.of(resource, pods.all(), holds.all(), slice -> catalogue.capacity(resource, slice));
  }

  /** Waits for news; false once there is no more time for any. */
  private boolean await(long deadline) throws InterruptedException {
    long left = deadline - nanos.getAsLong();
    if (closed || left <= 0) {
      return false;
    }
    news.awaitNanos(left);
    return !closed;
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
