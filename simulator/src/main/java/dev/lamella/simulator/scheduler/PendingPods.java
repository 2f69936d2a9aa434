package dev.lamella.simulator.scheduler;

import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1Pod;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Turns changes of pods and nodes into moves in the queue, and keeps the pods that wait there. */
final class PendingPods {

  private final String schedulerName;
  private final Clock clock;
  private final SchedulingQueue queue;
  private final Map<String, String> assumed;
  private final Semaphore changed;
  private final Map<String, V1Pod> waiting = new ConcurrentHashMap<>();
  private final Map<String, Integer> attempts = new ConcurrentHashMap<>();
  private final AtomicInteger podsAdded = new AtomicInteger();
  private final AtomicInteger nodesAdded = new AtomicInteger();

  PendingPods(
      String schedulerName,
      Clock clock,
      SchedulingQueue queue,
      Map<String, String> assumed,
      Semaphore changed) {
    this.schedulerName = schedulerName;
    this.clock = clock;
    this.queue = queue;
    this.assumed = assumed;
    this.changed = changed;
  }

  /** Whether at least so many pods and nodes have come in. */
  boolean hasSeen(int pods, int nodes) {
    return podsAdded.get() >= pods && nodesAdded.get() >= nodes;
  }

  /** The pod as last seen; empty if there is nothing left to do for it. */
  Optional<V1Pod> pod(String uid) {
    return Optional.ofNullable(waiting.get(uid));
  }

  void attempted(String uid) {
    attempts.computeIfPresent(uid, (id, n) -> n + 1);
  }

  int attempts(String uid) {
    return attempts.getOrDefault(uid, 0);
  }

  ResourceEventHandler<V1Pod> podHandler() {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(V1Pod pod) {
        seen(pod);
        podsAdded.incrementAndGet();
      }

      @Override
      public void onUpdate(V1Pod before, V1Pod after) {
        String uid = Pods.uid(after);
        if (!uid.equals(Pods.uid(before))) {
          gone(before);
        } else if (Pods.bound(after) && Pods.terminal(after) && !Pods.terminal(before)) {
          queue.moveAll(clock.instant());
        } else if (waiting.containsKey(uid) && Pods.changed(before, after)) {
          queue.move(uid, clock.instant());
        }
        seen(after);
      }

      @Override
      public void onDelete(V1Pod pod, boolean unknown) {
        gone(pod);
      }
    };
  }

  private void seen(V1Pod pod) {
    String uid = Pods.uid(pod);
    attempts.putIfAbsent(uid, 0);
    if (Pods.waits(pod, schedulerName)) {
      waiting.put(uid, pod);
      queue.add(uid, Pods.priority(pod), clock.instant());
    } else {
      waiting.remove(uid);
      queue.remove(uid);
    }
    if (Pods.bound(pod)) {
      assumed.remove(uid);
    }
    changed.release();
  }

  private void gone(V1Pod pod) {
    String uid = Pods.uid(pod);
    waiting.remove(uid);
    queue.remove(uid);
    attempts.remove(uid);
    boolean held = assumed.remove(uid) != null || Pods.bound(pod);
    if (held) {
      queue.moveAll(clock.instant());
    }
    changed.release();
  }

  ResourceEventHandler<V1Node> nodeHandler() {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(V1Node node) {
        move();
        nodesAdded.incrementAndGet();
      }

      @Override
      public void onUpdate(V1Node before, V1Node after) {
        if (NodeChange.matters(before, after)) {
          move();
        }
      }

      @Override
      public void onDelete(V1Node node, boolean unknown) {
        changed.release();
      }

      private void move() {
        queue.moveAll(clock.instant());
        changed.release();
      }
    };
  }
}
