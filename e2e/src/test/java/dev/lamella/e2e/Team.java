package dev.lamella.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A namespace of one test; closing it waits until its pods hold nothing any more. */
final class Team implements AutoCloseable {

  private final Cluster cluster;
  private final String namespace;

  private Team(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /** Makes a namespace. */
  static Team create(Cluster cluster, String namespace) throws Exception {
    cluster.kube().post("/api/v1/namespaces", Map.of("metadata", Map.of("name", namespace)));
    Team team = new Team(cluster, namespace);
    Eventually.succeeds(
        "default account of " + namespace,
        () -> cluster.kube().get(team.path("serviceaccounts/default")));
    return team;
  }

  /** A namespace that a manifest has made. */
  static Team of(Cluster cluster, String namespace) {
    return new Team(cluster, namespace);
  }

  String namespace() {
    return namespace;
  }

  /** The path of something in the namespace, of the core group. */
  String path(String rest) {
    return "/api/v1/namespaces/" + namespace + "/" + rest;
  }

  JsonNode create(PodOf pod) throws IOException {
    return cluster.kube().post(path("pods"), pod.json());
  }

  List<JsonNode> pods() throws IOException {
    List<JsonNode> pods = new ArrayList<>();
    cluster.kube().get(path("pods")).path("items").forEach(pods::add);
    return pods;
  }

  JsonNode pod(String name) throws IOException {
    return cluster.kube().get(path("pods/" + name));
  }

  static String phase(JsonNode pod) {
    return pod.at("/status/phase").asText();
  }

  static String uid(JsonNode pod) {
    return pod.at("/metadata/uid").asText();
  }

  /** Waits for a phase; the pod in it. */
  JsonNode await(String name, String phase) throws Exception {
    return Eventually.yields(
        namespace + "/" + name + " " + phase,
        () -> {
          JsonNode pod = pod(name);
          if (!phase(pod).equals(phase)) {
            throw new IllegalStateException(
                phase(pod) + " " + pod.at("/status/message") + " " + events(name));
          }
          return pod;
        });
  }

  JsonNode run(PodOf pod) throws Exception {
    create(pod);
    return await(pod.name(), "Running");
  }

  /** The messages of a pod's events. */
  List<String> events(String pod) throws IOException {
    List<String> messages = new ArrayList<>();
    cluster
        .kube()
        .get(path("events?fieldSelector=involvedObject.name%3D" + pod))
        .path("items")
        .forEach(e -> messages.add(e.path("reason").asText() + ": " + e.path("message").asText()));
    return messages;
  }

  /** Deletes a pod and waits until it is gone. */
  void delete(String name) throws Exception {
    cluster.kube().delete(path("pods/" + name));
    Eventually.succeeds(name + " gone", () -> requireGone(path("pods/" + name)));
  }

  private void requireGone(String path) throws IOException {
    try {
      cluster.kube().get(path);
    } catch (Kube.Refused e) {
      if (e.code() == 404) {
        return;
      }
      throw e;
    }
    throw new IllegalStateException(path + " is still there");
  }

  @Override
  public void close() {
    try {
      cluster.kube().delete("/api/v1/namespaces/" + namespace);
      Eventually.succeeds(
          namespace + " gone", () -> requireGone("/api/v1/namespaces/" + namespace));
      Eventually.succeeds("slices free", this::requireFree);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      throw new IllegalStateException("namespace " + namespace + " cannot be removed", e);
    }
  }

  private void requireFree() throws IOException {
    for (String node : cluster.nodes().keySet()) {
      Map<String, String> held = cluster.gpuNode(node).held();
      if (held.toString().contains("namespace=" + namespace + ",")) {
        throw new IllegalStateException(node + " still reports " + held);
      }
    }
  }
}
