package dev.lamella.simulator.kubelet;

import dev.lamella.simulator.kubelet.LocalPod.Stage;
import io.kubernetes.client.openapi.models.V1Pod;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what this kubelet runs in line with the pods bound to its node. One thread calls {@link
 * #sync}; the rest may be called from any.
 */
final class PodLoop {

  private static final Logger LOG = LoggerFactory.getLogger(PodLoop.class);

  private final Map<String, LocalPod> pods = new ConcurrentHashMap<>();
  private final Admission admission;
  private final StatusWriter statuses;
  private final Duration stopLimit;
  private final Clock clock;
  private volatile boolean closed;

  /** Decides whether a pod may start, and gives it its devices. */
  interface Admission {
    void admit(V1Pod pod, Collection<V1Pod> others) throws AdmissionException;
  }

  PodLoop(Admission admission, StatusWriter statuses, Duration stopLimit, Clock clock) {
    this.admission = admission;
    this.statuses = statuses;
    this.stopLimit = stopLimit;
    this.clock = clock;
  }

  /** Pods that hold their devices, oldest first. */
  List<V1Pod> active() {
    return pods.values().stream()
        .filter(LocalPod::active)
        .map(LocalPod::pod)
        .sorted(PodReading.BY_AGE)
        .toList();
  }

  /** From now on nothing is decided any more; an admission under way has no consequence. */
  void close() {
    closed = true;
  }

  /**
   * Takes one step with each pod, oldest first.
   *
   * @param bound the pods bound to this node, as last seen
   */
  void sync(Collection<V1Pod> bound) {
    Set<String> uids = bound.stream().map(PodReading::uid).collect(Collectors.toSet());
    pods.keySet().retainAll(uids);
    bound.stream()
        .sorted(PodReading.BY_AGE)
        .takeWhile(pod -> !closed)
        .forEach(pod -> step(pod, pods.get(PodReading.uid(pod))));
  }

  private void step(V1Pod pod, LocalPod local) {
    Instant now = clock.instant();
    if (local == null) {
      first(pod);
    } else if (local.stage() == Stage.RUNNING && PodReading.deleted(pod)) {
      Instant stopped = now.plus(PodReading.stopTime(pod, stopLimit));
      put(new LocalPod(pod, Stage.STOPPING, stopped));
    } else if (local.stage() == Stage.RUNNING && local.due(now)) {
      end(pod, PodReading.exitCode(pod));
    } else if (local.stage() == Stage.STOPPING && local.due(now)) {
      end(pod, PodReading.exitCodeWhenStopped(pod));
      remove(pod);
    } else if (local.stage() == Stage.ENDED && PodReading.deleted(pod)) {
      remove(pod);
    }
  }

  /** Admits a pod that was not seen before, unless it has ended or is on its way out. */
  private void first(V1Pod pod) {
    if (PodReading.terminal(pod) || PodReading.deleted(pod) && !PodReading.running(pod)) {
      put(new LocalPod(pod, Stage.ENDED, null));
      return;
    }
    Collection<V1Pod> others = active();
    put(new LocalPod(pod, Stage.ADMITTING, null));
    try {
      Instant ends = PodReading.runTime(pod).map(clock.instant()::plus).orElse(null);
      admission.admit(pod, others);
      put(new LocalPod(pod, Stage.RUNNING, ends));
      if (!PodReading.running(pod)) {
        statuses.update(pod, p -> PodStatuses.running(p, clock.instant()));
      }
    } catch (AdmissionException e) {
      reject(pod, e);
    } catch (RuntimeException e) {
      LOG.warn("pod {} not admitted", PodReading.name(pod), e);
      reject(pod, AdmissionException.allocation(e.toString()));
    }
  }

  private void reject(V1Pod pod, AdmissionException why) {
    if (closed) {
      return;
    }
    put(new LocalPod(pod, Stage.ENDED, null));
    statuses.update(pod, p -> PodStatuses.rejected(p, why, clock.instant()));
  }

  private void end(V1Pod pod, int exitCode) {
    put(new LocalPod(pod, Stage.ENDED, null));
    statuses.update(pod, p -> PodStatuses.ended(p, exitCode, clock.instant()));
  }

  private void remove(V1Pod pod) {
    put(new LocalPod(pod, Stage.REMOVED, null));
    statuses.remove(pod);
  }

  private void put(LocalPod local) {
    pods.put(PodReading.uid(local.pod()), local);
  }
}
