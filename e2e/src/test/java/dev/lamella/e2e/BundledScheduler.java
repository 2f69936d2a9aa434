package dev.lamella.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The chart's second scheduler: as many processes as its Deployment has replicas, with the
 * Deployment's arguments, the ConfigMap's configuration and the ServiceAccount's rights.
 */
final class BundledScheduler {

  /** Its profile, its account and its lease. */
  static final String NAME = "lamella-scheduler";

  private final Cluster cluster;
  private final Path kubeconfig;
  private final Path config;
  private final List<String> arguments;
  private final List<Program> replicas = new ArrayList<>();
  private int killed;

  private BundledScheduler(Cluster cluster, Path kubeconfig, Path config, List<String> arguments) {
    this.cluster = cluster;
    this.kubeconfig = kubeconfig;
    this.config = config;
    this.arguments = arguments;
  }

  /**
   * Starts all replicas.
   *
   * @param url where the extender is, in place of its Service
   */
  static BundledScheduler start(Cluster cluster, String url) throws Exception {
    cluster.kubectl().applyAsHelm(ChartObject.text(cluster, "scheduler-rbac.yaml"));
    Path kubeconfig = cluster.kubectl().accountConfig(Cluster.SYSTEM, NAME);
    JsonNode deployment = ChartObject.of(cluster, "scheduler.yaml", "Deployment");
    List<String> arguments = new ArrayList<>();
    deployment
        .at("/spec/template/spec/containers/0/args")
        .forEach(argument -> arguments.add(argument.asText()));
    BundledScheduler scheduler =
        new BundledScheduler(cluster, kubeconfig, config(cluster, url, kubeconfig), arguments);
    for (int i = 0; i < deployment.at("/spec/replicas").asInt(); i++) {
      scheduler.replicas.add(scheduler.launch(i));
    }
    return scheduler;
  }

  private static Path config(Cluster cluster, String url, Path kubeconfig) throws Exception {
    Path run = cluster.checkout().run();
    ObjectNode config = ChartObject.config(cluster, "scheduler-config.yaml");
    ObjectNode extender = (ObjectNode) config.at("/extenders/0");
    extender.put("urlPrefix", url);
    ObjectNode tls = (ObjectNode) extender.path("tlsConfig");
    for (String key : List.of("caFile", "certFile", "keyFile")) {
      tls.put(key, run.resolve(Path.of(tls.path(key).asText()).getFileName()).toString());
    }
    config.putObject("clientConnection").put("kubeconfig", kubeconfig.toString());
    return Files.writeString(run.resolve(NAME + ".yaml"), ChartObject.yaml(config));
  }

  /** What the rig has elsewhere than a container is replaced; all else is the Deployment's. */
  private Program launch(int replica) throws IOException {
    List<String> flags = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.startsWith("--config=")) {
        flags.add("--config=" + config);
      } else if (argument.startsWith("--secure-port=")) {
        flags.add("--secure-port=" + Ports.free());
      } else {
        flags.add(argument);
      }
    }
    flags.add("--bind-address=127.0.0.1");
    flags.add("--authentication-kubeconfig=" + kubeconfig);
    flags.add("--authorization-kubeconfig=" + kubeconfig);
    flags.add("--v=2");
    return cluster.plane().launchScheduler(NAME + "-" + replica, flags);
  }

  /** SIGKILL to one after the other, leader or not; it is started again at once. */
  void kill() throws Exception {
    int next = killed++ % replicas.size();
    replicas.get(next).kill();
    replicas.set(next, launch(next));
  }

  /** Fails with the end of a replica's log if one has ended. */
  void requireAlive() throws IOException {
    for (Program replica : replicas) {
      replica.requireAlive();
    }
  }

  /** Ends all replicas and takes the account and its rights away. */
  void end() throws Exception {
    replicas.forEach(Program::close);
    cluster.kubectl().delete(ChartObject.text(cluster, "scheduler-rbac.yaml"));
  }
}
