package dev.lamella.extender.kube;

import dev.lamella.core.pod.PodRef;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.Response;

/** What is written of pods besides their bind: evictions, pokes and events. */
public final class PodWriter {

  /** Touched on a blocked pod so that kube-scheduler tries it again; the value has no meaning. */
  public static final String POKE = "lamella.dev/poked-at";

  /** Stands on the pod of the replica that decides. */
  public static final String LEADER = "lamella.dev/leader";

  private static final int TOO_MANY = 429;
  private static final int NOT_FOUND = 404;

  private final KubeApi api;

  public PodWriter(KubeApi api) {
    this.api = api;
  }

  /** What became of an eviction. */
  public enum Eviction {
    /** The pod is going, or was gone already. */
    GOING,
    /** A disruption budget forbids it now. */
    FORBIDDEN,
    /** The API server could not say. */
    FAILED
  }

  /** Asks for a pod's eviction. A new pod of the same name is left be. */
  public Eviction evict(PodRef pod) {
    Map<String, Object> eviction =
        Map.of(
            "apiVersion",
            "policy/v1",
            "kind",
            "Eviction",
            "metadata",
            Map.of("name", pod.name(), "namespace", pod.namespace()),
            "deleteOptions",
            Map.of("preconditions", Map.of("uid", pod.uid())));
    try (Response response = api.post(url(pod).addPathSegment("eviction").build(), eviction)) {
      if (response.isSuccessful() || response.code() == NOT_FOUND || response.code() == 409) {
        return Eviction.GOING;
      }
      return response.code() == TOO_MANY ? Eviction.FORBIDDEN : Eviction.FAILED;
    } catch (IOException e) {
      return Eviction.FAILED;
    }
  }

  /**
   * Touches a blocked pod.
   *
   * @throws IOException if the API server did not take it
   */
  public void poke(PodRef pod, Instant now) throws IOException {
    Map<String, Object> patch =
        Map.of("metadata", Map.of("uid", pod.uid(), "annotations", Map.of(POKE, now.toString())));
    try (Response response = api.mergePatch(url(pod).build(), patch)) {
      if (!response.isSuccessful() && response.code() != NOT_FOUND && response.code() != 409) {
        throw new IOException("poke of " + pod + ": " + response.code());
      }
    }
  }

  /**
   * Sets or clears the label by which the Service finds the leader.
   *
   * @throws IOException if the API server did not take it; a pod that is gone has no label
   */
  public void label(String namespace, String name, boolean leads) throws IOException {
    Map<String, Object> labels = new HashMap<>();
    labels.put(LEADER, leads ? "true" : null);
    HttpUrl url = url(new PodRef("", namespace, name)).build();
    try (Response response = api.mergePatch(url, Map.of("metadata", Map.of("labels", labels)))) {
      if (!response.isSuccessful() && response.code() != NOT_FOUND) {
        throw new IOException("label of pod " + namespace + "/" + name + ": " + response.code());
      }
    }
  }

  /**
   * Writes an event about a pod.
   *
   * @param type Normal or Warning
   * @param reason one CamelCase word
   * @param message for whoever may read the pod: names other tenants, never their pods
   * @throws IOException if the API server did not take it
   */
  public void event(PodRef pod, String type, String reason, String message, Instant now)
      throws IOException {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("apiVersion", "v1");
    event.put("kind", "Event");
    event.put("metadata", Map.of("generateName", pod.name() + ".", "namespace", pod.namespace()));
    event.put(
        "involvedObject",
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Pod",
            "name",
            pod.name(),
            "namespace",
            pod.namespace(),
            "uid",
            pod.uid()));
    event.put("type", type);
    event.put("reason", reason);
    event.put("message", message);
    event.put("count", 1);
    event.put("firstTimestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
    event.put("lastTimestamp", now.truncatedTo(ChronoUnit.SECONDS).toString());
    event.put("source", Map.of("component", "lamella-scheduler-extender"));
    HttpUrl url =
        api.url("/api/v1/namespaces")
            .newBuilder()
            .addPathSegment(pod.namespace())
            .addPathSegment("events")
            .build();
    try (Response response = api.post(url, event)) {
      if (!response.isSuccessful()) {
        throw new IOException("event of " + pod + ": " + response.code());
      }
    }
  }

  private HttpUrl.Builder url(PodRef pod) {
    return api.url("/api/v1/namespaces")
        .newBuilder()
        .addPathSegment(pod.namespace())
        .addPathSegment("pods")
        .addPathSegment(pod.name());
  }
}
