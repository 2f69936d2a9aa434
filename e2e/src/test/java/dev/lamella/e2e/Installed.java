package dev.lamella.e2e;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The chart's defaults beside the daemons: two replicas of the extender by HTTPS with certificates
 * that they make, the webhook, the admission policies, and the second scheduler. The cluster's own
 * scheduler knows nothing of the extender.
 */
final class Installed {

  private final Cluster cluster;
  private final Replicas replicas;
  private final BundledScheduler scheduler;

  private Installed(Cluster cluster, Replicas replicas, BundledScheduler scheduler) {
    this.cluster = cluster;
    this.replicas = replicas;
    this.scheduler = scheduler;
  }

  /** Starts all of it, in place of the one extender that the cluster has. */
  static Installed start(Cluster cluster) throws Exception {
    // The webhook is there before the extender, as in an installation: it is told of at the start.
    Doorway.open(cluster, cluster.secureUrl(), "scheduler.enabled=true");
    Path config = config(cluster);
    cluster.secureExtender(config);
    Doorway.awaitTrust(cluster);
    Replicas replicas = Replicas.start(cluster, "--config", config.toString());
    cluster.startScheduler(false);
    BundledScheduler scheduler = BundledScheduler.start(cluster, replicas.leaderUrl());
    Doorway.open(cluster, replicas.url(), "scheduler.enabled=true");
    return new Installed(cluster, replicas, scheduler);
  }

  /** The extender's, but for its name on this machine; who is elected is said by flags. */
  private static Path config(Cluster cluster) throws Exception {
    ObjectNode config = ChartObject.config(cluster, "scheduler-extender.yaml");
    ((ObjectNode) config.path("certificates")).putArray("dnsNames").add("127.0.0.1");
    config.remove("leader");
    Path file = cluster.checkout().run().resolve("extender.yaml");
    return Files.writeString(file, ChartObject.yaml(config));
  }

  Replicas replicas() {
    return replicas;
  }

  BundledScheduler scheduler() {
    return scheduler;
  }

  /** The extender's replicas by name. */
  Map<String, Program> extenders() {
    return replicas.programs();
  }

  /** Leaves the cluster as it was: one extender, which its own scheduler calls. */
  void end() throws Exception {
    Doorway.open(cluster, replicas.url(), "scheduler.enabled=false");
    Doorway.close(cluster);
    scheduler.end();
    replicas.end();
    cluster.bareExtender();
  }
}
