package dev.lamella.deviceplugin.allocation;

import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.Choice.Basis;
import dev.lamella.deviceplugin.allocation.Verdict.Granted;
import dev.lamella.deviceplugin.allocation.Verdict.Refused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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
      return now().mismatches();
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
      Optional<List<DeviceId>> assigned = now().assigned(ask);
      while (assigned.isEmpty() && await(deadline)) {
        assigned = now().assigned(ask);
      }
      return assigned
          .map(devices -> new Choice(devices, Basis.ASSIGNMENT))
          .orElseGet(() -> new Choice(now().fallback(ask), Basis.FALLBACK));
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
      Situation now = now();
      refused = refused.or(() -> now.keptFrom(resource, devices, guard));
      if (refused.isPresent()) {
        return refused.get();
      }
      holds.handOut(resource, devices, now.podOf(resource, devices), nanos.getAsLong());
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
      boolean settled = now().settled();
      while (!settled && await(deadline)) {
        settled = now().settled();
      }
      return settled;
    } finally {
      lock.unlock();
    }
  }

  /** Lets every question that waits be answered at once, and none wait any more. */
  public void close() {
    change(() -> closed = true);
  }

  private Situation now() {
    return new Situation(catalogue, pods, holds);
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
