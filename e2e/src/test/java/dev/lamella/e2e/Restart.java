package dev.lamella.e2e;

/** Starts our programs anew, in another way than before. */
record Restart(Cluster cluster) {

  /** As they are meant to run, with these addresses of the API server. */
  void reachingBy(String forExtender, String forDaemons) throws Exception {
    cluster.stopExtender();
    cluster.reachBy(forExtender, forDaemons);
    cluster.startExtender();
    daemonsAsUsual();
  }

  /** As they are meant to run. */
  void asUsual() throws Exception {
    String server = cluster.plane().server();
    reachingBy(server, server);
  }

  /** The daemons, as they are meant to run. */
  void daemonsAsUsual() throws Exception {
    for (Node node : cluster.nodes().values()) {
      node.stopPlugin();
      cluster.startPlugin(node);
    }
    for (Node node : cluster.nodes().values()) {
      node.awaitServed(cluster.gpuNode(node.name()));
      cluster.awaitServing(node);
    }
  }

  /** The daemons, which offer the same without an API server. */
  void daemonsAlone() throws Exception {
    for (Node node : cluster.nodes().values()) {
      GpuNode report = cluster.gpuNode(node.name());
      node.stopPlugin();
      cluster.startPlugin(node, "--standalone");
      node.awaitServed(report);
      String path = "/api/v1/nodes/" + node.name();
      Eventually.succeeds(
          node.name() + " offers all", () -> report.requireOfferedBy(cluster.kube().get(path)));
    }
  }
}
