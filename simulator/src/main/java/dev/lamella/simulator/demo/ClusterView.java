package dev.lamella.simulator.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.nvml.simulated.NodeLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Looks at a running cluster from outside: through its API server and its kubelets' sockets. */
final class ClusterView implements AutoCloseable {

  private static final String GPU_NODES = "/apis/lamella.dev/v1alpha1/gpunodes";
  private static final String PODS = "/api/v1/pods";

  private final EmbeddedCluster cluster;
  private final ClusterApi api;
  private final Map<String, PodResources> kubelets = new TreeMap<>();
  private final Set<String> everBound = new HashSet<>();

  ClusterView(EmbeddedCluster cluster) {
    this.cluster = cluster;
    this.api = new ClusterApi(cluster.apiServer());
    cluster.kubeletDirs().forEach((node, dir) -> kubelets.put(node, new PodResources(dir)));
  }

  ClusterApi api() {
    return api;
  }

  /**
   * What is still missing before pods can be placed.
   *
   * @return empty if nothing is
   */
  Optional<String> missing() throws IOException {
    if (!cluster.extenderReady()) {
      return Optional.of("the extender has not seen the cluster");
    }
    Map<String, JsonNode> reports = new HashMap<>();
    api.list(GPU_NODES).forEach(node -> reports.put(node.at("/metadata/name").asText(), node));
    Map<String, JsonNode> nodes = new HashMap<>();
    api.list("/api/v1/nodes").forEach(node -> nodes.put(node.at("/metadata/name").asText(), node));
    for (NodeLayout wanted : cluster.layout()) {
      JsonNode report = reports.get(wanted.name());
      if (report == null || !report.at("/status/serving").asBoolean()) {
        return Optional.of("node " + wanted.name() + " is not serving");
      }
      JsonNode allocatable = nodes.get(wanted.name()).at("/status/allocatable");
      for (String profile : report.path("status").findValuesAsText("profile")) {
        String resource = ResourceName.whole(profile).text();
        if (allocatable.path(resource).asInt() == 0) {
          return Optional.of("node " + wanted.name() + " does not advertise " + resource);
        }
      }
    }
    return Optional.empty();
  }

  List<PodState> pods() throws IOException {
    List<PodState> pods = new ArrayList<>();
    api.list(PODS).forEach(pod -> pods.add(PodState.of(pod)));
    pods.stream().filter(p -> !p.node().isEmpty()).map(PodState::uid).forEach(everBound::add);
    return pods;
  }

  /** Whether every Deployment has the pods that it wants, and every Job has begun. */
  boolean complete() throws IOException {
    for (JsonNode deployment : api.list("/apis/apps/v1/deployments")) {
      JsonNode status = deployment.path("status");
      int wanted = deployment.at("/spec/replicas").asInt();
      boolean seen =
          status.path("observedGeneration").asInt()
              == deployment.at("/metadata/generation").asInt();
      if (!seen
          || status.path("updatedReplicas").asInt() != wanted
          || status.path("replicas").asInt() != wanted) {
        return false;
      }
    }
    for (JsonNode job : api.list("/apis/batch/v1/jobs")) {
      if (!job.has("status")) {
        return false;
      }
    }
    return true;
  }

  /** A report, and what in it contradicts itself. */
  record Look(Report report, List<String> contradictions) {}

  Look look() throws IOException {
    Map<String, KubeletDevices> devices = new TreeMap<>();
    kubelets.forEach((node, kubelet) -> devices.put(node, kubelet.list()));
    JsonNode pods = api.list(PODS);
    Set<String> now = new HashSet<>();
    pods.forEach(pod -> now.add(pod.at("/metadata/uid").asText()));
    Report report = ReportReader.read(pods, api.list(GPU_NODES), devices);
    boolean allStay = now.containsAll(everBound);
    return new Look(report, Contradictions.find(pods, report, devices, allStay));
  }

  @Override
  public void close() {
    kubelets.values().forEach(PodResources::close);
    api.close();
  }
}
