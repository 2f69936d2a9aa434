package dev.lamella.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lamella.simulator.kubelet.KubeletSubject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Upstream's kubelet on the spare node, without a daemon; pods are made bound to it. */
final class UpstreamKubelet implements KubeletSubject {

  private final Cluster cluster;
  private final Node node;
  private Team team;

  private UpstreamKubelet(Cluster cluster, Node node) {
    this.cluster = cluster;
    this.node = node;
  }

  /**
   * Starts a kubelet that tells the API server every second what it has, instead of every ten.
   *
   * @param folder where its configuration is written
   */
  static UpstreamKubelet start(Cluster cluster, Path folder) throws Exception {
    String config = Files.readString(cluster.checkout().controlplane("kubelet.yaml"));
    Path file =
        Files.writeString(
            folder.resolve("kubelet.yaml"), config + "\nnodeStatusUpdateFrequency: 1s\n");
    UpstreamKubelet kubelet = new UpstreamKubelet(cluster, cluster.spareNode(file));
    kubelet.node.startKubelet();
    cluster.awaitReady(kubelet.node.name());
    kubelet.team = Team.create(cluster, "kubelet");
    return kubelet;
  }

  @Override
  public Path directory() {
    return node.dir();
  }

  @Override
  public void put(String name, String resource, String... containers) throws IOException {
    PodOf pod = PodOf.named(name).boundTo(node.name());
    for (int i = 0; i < containers.length; i++) {
      String[] parts = containers[i].split(":");
      int count = Integer.parseInt(parts[1]);
      switch (parts[0]) {
        case "init" -> pod.init("c" + i, resource, count);
        case "sidecar" -> pod.sidecar("c" + i, resource, count);
        default -> pod.container("c" + i, resource, count);
      }
    }
    team.create(pod);
  }

  @Override
  public Outcome outcome(String name) throws Exception {
    JsonNode pod =
        Eventually.yields(
            name + " admitted or refused",
            () -> {
              JsonNode now = team.pod(name);
              if (Team.phase(now).equals("Pending")) {
                throw new IllegalStateException(now.path("status").toString());
              }
              return now;
            });
    if (Team.phase(pod).equals("Failed")) {
      return new Outcome(
          pod.at("/status/reason").asText() + ": " + pod.at("/status/message").asText(), Map.of());
    }
    Map<String, List<String>> devices = new TreeMap<>();
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode container : pod.path("spec").path(list)) {
        String containerName = container.path("name").asText();
        devices.put(containerName, devices(Team.uid(pod), containerName));
      }
    }
    return new Outcome("", devices);
  }

  /** What the runtime was told to set for a container. */
  private List<String> devices(String uid, String container) throws IOException {
    Path record = node.dir().resolve("containers").resolve(uid).resolve(container + ".json");
    for (JsonNode env : new JsonMapper().readTree(record.toFile()).path("envs")) {
      if (env.path("key").asText().equals("DEVICES")) {
        return Arrays.asList(env.path("value").asText().split(","));
      }
    }
    throw new IllegalStateException("DEVICES is not set in " + record);
  }

  @Override
  public void end(String name) throws Exception {
    team.delete(name);
  }

  @Override
  public String counts(String resource) throws IOException {
    JsonNode status = cluster.kube().get("/api/v1/nodes/" + node.name()).path("status");
    JsonNode capacity = status.path("capacity").path(resource);
    return capacity.isMissingNode()
        ? "none"
        : capacity.asText() + "/" + status.path("allocatable").path(resource).asText();
  }

  @Override
  public void restart() throws Exception {
    Path socket = node.dir().resolve("device-plugins/kubelet.sock");
    node.stopKubelet();
    Files.deleteIfExists(socket); // an ended kubelet leaves it: a new one shows the new kubelet
    node.startKubelet();
    Eventually.succeeds(
        "kubelet serves plugins again",
        () -> {
          if (!Files.exists(socket)) {
            throw new IllegalStateException("no kubelet.sock");
          }
        });
  }

  @Override
  public void close() {
    try {
      if (team != null) {
        team.close();
      }
      node.close();
      cluster.removeSpareNode();
    } catch (Exception e) {
      throw new IllegalStateException("the spare node does not end", e);
    }
  }
}
