package dev.lamella.e2e;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Kills programs (SIGKILL) in a seeded order and starts them again; one at a time, and never while
 * the books are compared.
 */
final class Kills implements Runnable, Churn.Excuses {

  /** Between a start or end that we see and what the cluster sees of it. */
  private static final long MARGIN_MILLIS = 3_000;

  /** A node's kubelet or daemon was away: what was bound there in between can be refused. */
  record Outage(String kind, String node, long from, long to) {
    boolean covers(String other, long at) {
      return node.equals(other) && at >= from - MARGIN_MILLIS && at <= to + MARGIN_MILLIS;
    }
  }

  private final Cluster cluster;
  private final Scenario scenario;
  private final ReentrantLock stillness;
  private final Optional<Installed> installed;
  private final Random random;
  private final Map<String, Integer> done = new TreeMap<>();
  private final List<Outage> outages = new ArrayList<>();
  private volatile Throwable failure;
  private volatile boolean ended;

  Kills(
      Cluster cluster, Scenario scenario, ReentrantLock stillness, Optional<Installed> installed) {
    this.cluster = cluster;
    this.scenario = scenario;
    this.stillness = stillness;
    this.installed = installed;
    this.random = new Random(scenario.seed() + 1);
  }

  @Override
  public void run() {
    try {
      for (String kind : scenario.killOrder()) {
        Thread.sleep((long) (scenario.pauseSeconds().draw(random) * 1000));
        stillness.lock();
        try {
          kill(kind);
        } finally {
          stillness.unlock();
        }
        done.merge(kind, 1, Integer::sum);
      }
    } catch (Exception | AssertionError e) {
      failure = e;
    } finally {
      ended = true;
    }
  }

  private void kill(String kind) throws Exception {
    switch (kind) {
      case "daemon", "kubelet" -> killOnNode(kind);
      case "extender" -> killExtender();
      case "scheduler" -> killScheduler();
      case "apiserver" -> cluster.plane().killApiServer();
      case "etcd" -> cluster.plane().killEtcd();
      default ->
          throw new IllegalArgumentException(
              "kills: " + kind + ", not daemon, kubelet, extender, scheduler, apiserver or etcd");
    }
  }

  private void killExtender() throws Exception {
    if (installed.isPresent()) {
      installed.get().replicas().killLeader();
    } else {
      cluster.killExtender();
    }
  }

  private void killScheduler() throws Exception {
    if (installed.isPresent()) {
      installed.get().scheduler().kill();
    } else {
      cluster.killScheduler();
    }
  }

  private void killOnNode(String kind) throws Exception {
    List<String> names = List.copyOf(cluster.nodes().keySet());
    Node node = cluster.node(names.get(random.nextInt(names.size())));
    long from = System.currentTimeMillis();
    synchronized (outages) {
      outages.add(new Outage(kind, node.name(), from, Long.MAX_VALUE - MARGIN_MILLIS));
    }
    if (kind.equals("daemon")) {
      node.killPlugin();
      node.startPluginAgain();
    } else {
      node.killKubelet();
      node.startKubelet();
    }
    node.awaitServed(cluster.gpuNode(node.name()));
    synchronized (outages) {
      outages.set(
          outages.size() - 1, new Outage(kind, node.name(), from, System.currentTimeMillis()));
    }
  }

  /** What was away, the latest of all, when a node took a pod up. */
  @Override
  public Optional<Outage> excuse(String node, long at) {
    synchronized (outages) {
      return outages.stream()
          .filter(outage -> outage.covers(node, at))
          .max(Comparator.comparingLong(Outage::from));
    }
  }

  /** How long each node was without, in ms, by what was killed. */
  Map<String, List<Long>> lengths() {
    Map<String, List<Long>> lengths = new TreeMap<>();
    synchronized (outages) {
      for (Outage outage : outages) {
        lengths
            .computeIfAbsent(outage.kind(), kind -> new ArrayList<>())
            .add(outage.to() - outage.from());
      }
    }
    return lengths;
  }

  boolean ended() {
    return ended;
  }

  /** How many by kind; fails with what came in between. */
  Map<String, Integer> result() {
    if (failure != null) {
      throw new AssertionError("after " + done + ": " + failure.getMessage(), failure);
    }
    return done;
  }
}
