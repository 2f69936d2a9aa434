package dev.lamella.simulator.scheduler;

import dev.lamella.simulator.kube.KubeClient;
import io.kubernetes.client.informer.SharedIndexInformer;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1Pod;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schedules pods one at a time, as kube-scheduler 1.36 does towards an extender. Binding runs
 * beside it: meanwhile the pod is assumed to be on its node.
 *
 * <p>What differs: no sampling of nodes, no in-tree preemption, no volumes, ports, spreading or pod
 * affinity; a rejected pod is tried again when an assigned pod ends or goes, when a node changes in
 * more than its heartbeat, or when the pod itself changes.
 */
public final class SchedulerLoop implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SchedulerLoop.class);
  private static final long TICK_MILLIS = 20;
  private static final long CLOSE_MILLIS = 5000;

  private final SchedulerOptions options;
  private final KubeClient kube;
  private final Optional<ExtenderClient> extender;
  private final SchedulingQueue queue;
  private final Cycle cycle;
  private final Binder binder;
  private final Recorder recorder;
  private final PendingPods pending;
  private final SharedIndexInformer<V1Pod> pods;
  private final SharedIndexInformer<V1Node> nodes;
  private final Map<String, String> assumed = new ConcurrentHashMap<>();
  private final Semaphore changed = new Semaphore(0);
  private final ExecutorService binds;
  private final Thread thread;
  private Instant flushed;
  private volatile boolean closed;

  private SchedulerLoop(URI api, SchedulerOptions options) {
    this.options = options;
    kube = KubeClient.of(api, "scheduler");
    extender = options.extender().map(ExtenderClient::new);
    queue =
        new SchedulingQueue(options.backoff(), options.maxBackoff(), options.unschedulableLimit());
    InTreeFilters filters =
        new InTreeFilters(r -> options.extender().filter(e -> e.manages().test(r)).isPresent());
    cycle = new Cycle(filters, extender, new Random(options.seed()));
    binder = new Binder(kube, extender);
    recorder = new Recorder(kube, options.schedulerName(), options.clock());
    pods = kube.pods();
    nodes = kube.nodes();
    pending = new PendingPods(options.schedulerName(), options.clock(), queue, assumed, changed);
    AtomicInteger count = new AtomicInteger();
    binds =
        Executors.newCachedThreadPool(
            task -> daemon(task, "scheduler-bind-" + count.incrementAndGet()));
    thread = daemon(this::run, "scheduler");
    flushed = options.clock().instant();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Starts scheduling; pods are tried once all pods and nodes have been listed. */
  public static SchedulerLoop start(URI kubeApi, SchedulerOptions options) {
    SchedulerLoop loop = new SchedulerLoop(kubeApi, options);
    loop.pods.addEventHandler(loop.pending.podHandler());
    loop.nodes.addEventHandler(loop.pending.nodeHandler());
    loop.kube.startWatching();
    loop.thread.start();
    return loop;
  }

  /**
   * How many attempts to schedule a pod have come to their end, its condition and event written.
   * After a pod is gone, 0.
   */
  public int attempts(String podUid) {
    return pending.attempts(podUid);
  }

  private void run() {
    try {
      awaitLists();
      while (!closed) {
        Optional<String> next = next();
        if (next.isPresent()) {
          attempt(next.get());
        } else {
          changed.tryAcquire(TICK_MILLIS, TimeUnit.MILLISECONDS);
          changed.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("scheduler ended");
    }
  }

  /** Returns when all that was listed has also been handled: a late one would move pods. */
  private void awaitLists() throws InterruptedException {
    while (!pods.hasSynced() || !nodes.hasSynced()) {
      changed.tryAcquire(TICK_MILLIS, TimeUnit.MILLISECONDS);
    }
    int podsListed = pods.getIndexer().list().size();
    int nodesListed = nodes.getIndexer().list().size();
    while (!pending.hasSeen(podsListed, nodesListed)) {
      changed.tryAcquire(TICK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private Optional<String> next() {
    Instant now = options.clock().instant();
    if (flushed.plus(options.flushPeriod()).isBefore(now)) {
      queue.flush(now);
      flushed = now;
    }
    return queue.take(now);
  }

  private void attempt(String uid) {
    Optional<V1Pod> pod = pending.pod(uid);
    if (pod.isEmpty()) {
      queue.remove(uid);
      return;
    }
    Decision decision;
    try {
      Cluster cluster = Cluster.of(nodes.getIndexer().list(), pods.getIndexer().list(), assumed);
      decision = cycle.decide(pod.get(), cluster);
    } catch (RuntimeException e) {
      LOG.error("attempt to schedule pod {} failed", uid, e);
      decision = new Decision.Failed(e.toString());
    }
    if (decision instanceof Decision.Fits fits) {
      bind(pod.get(), fits.node());
    } else if (decision instanceof Decision.FitsNowhere nowhere) {
      recorder.failed(pod.get(), "Unschedulable", nowhere.message());
      queue.unschedulable(uid, options.clock().instant());
      pending.attempted(uid);
    } else if (decision instanceof Decision.Failed failed) {
      fail(pod.get(), failed.message());
    }
  }

  private void bind(V1Pod pod, String node) {
    String uid = Pods.uid(pod);
    assumed.put(uid, node);
    try {
      binds.execute(
          () -> {
            Optional<String> error = bound(pod, node);
            if (error.isEmpty()) {
              recorder.scheduled(pod, node);
              pending.attempted(uid);
            } else if (!closed) {
              assumed.remove(uid);
              fail(pod, error.get());
              queue.moveAll(options.clock().instant());
            }
            changed.release();
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("closed before pod {} was bound", uid);
    }
  }

  private Optional<String> bound(V1Pod pod, String node) {
    try {
      return binder.bind(pod, node);
    } catch (RuntimeException e) {
      LOG.error("pod {} was not bound", Pods.uid(pod), e);
      return Optional.of(e.toString());
    }
  }

  private void fail(V1Pod pod, String message) {
    recorder.failed(pod, "SchedulerError", message);
    queue.failed(Pods.uid(pod), options.clock().instant());
    pending.attempted(Pods.uid(pod));
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    binds.shutdown();
    try {
      thread.join(CLOSE_MILLIS);
      binds.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    binds.shutdownNow();
    extender.ifPresent(ExtenderClient::close);
    kube.close();
  }
}
