package dev.lamella.extender.kube;

import dev.lamella.core.pod.PodRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import okhttp3.HttpUrl;
import okhttp3.Response;

/** What is written of pods besides their bind: evictions, pokes and events. */
public final class PodWriter {

  /** Touched on a blocked pod so that kube-scheduler tries it again; the value has no meaning. */
  public static final String POKE = "lamella.dev/poked-at";

  /** Stands on the pod of the replica that decides. */
  public static final String LEADER = "lamella.dev/leader";

  private static final String COMPONENT = "lamella-scheduler-extender";
  private static final int CONFLICT = 409;
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
   * What is said about a pod.
   *
   * @param type Normal or Warning
   * @param reason one CamelCase word
   * @param message for whoever may read the pod: names other tenants, never their pods
   * @param count how often it was said
   * @param first when it was said first, in milliseconds since the epoch
   * @param last when it was said last
   */
  public record Told(
      String type, String reason, String message, int count, long first, long last) {}

  /**
   * Writes an event about a pod, or counts up the one that says the same.
   *
   * @throws IOException if the API server did not take it
   */
  public void event(PodRef pod, Told told) throws IOException {
    String words = pod.uid() + told.reason() + told.message();
    UUID hash = UUID.nameUUIDFromBytes(words.getBytes(StandardCharsets.UTF_8));
    String name = pod.name() + "." + Long.toHexString(hash.getMostSignificantBits());
    HttpUrl events =
        api.url("/api/v1/namespaces")
            .newBuilder()
            .addPathSegment(pod.namespace())
            .addPathSegment("events")
            .build();
    if (told.count() > 1) {
      HttpUrl one = events.newBuilder().addPathSegment(name).build();
      Map<String, Object> more =
          Map.of("count", told.count(), "lastTimestamp", seconds(told.last()));
      try (Response response = api.mergePatch(one, more)) {
        if (response.isSuccessful()) {
          return;
        }
      }
    }
    try (Response response = api.post(events, event(pod, name, told))) {
      if (!response.isSuccessful() && response.code() != CONFLICT) {
        throw new IOException("event of " + pod + ": " + response.code());
      }
    }
  }

  private static Map<String, Object> event(PodRef pod, String name, Told told) {
    Map<String, Object> involved = new LinkedHashMap<>();
    involved.put("apiVersion", "v1");
    involved.put("kind", "Pod");
    involved.put("name", pod.name());
    involved.put("namespace", pod.namespace());
    involved.put("uid", pod.uid());
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("apiVersion", "v1");
    event.put("kind", "Event");
    event.put("metadata", Map.of("name", name, "namespace", pod.namespace()));
    event.put("involvedObject", involved);
    event.put("type", told.type());
    event.put("reason", told.reason());
    event.put("message", told.message());
    event.put("count", told.count());
    event.put("firstTimestamp", seconds(told.first()));
    event.put("lastTimestamp", seconds(told.last()));
    event.put("source", Map.of("component", COMPONENT));
    event.put("reportingComponent", COMPONENT);
    return event;
  }

  private static String seconds(long millis) {
    return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private HttpUrl.Builder url(PodRef pod) {
    return api.url("/api/v1/namespaces")
        .newBuilder()
        .addPathSegment(pod.namespace())
        .addPathSegment("pods")
        .addPathSegment(pod.name());
  }
}
