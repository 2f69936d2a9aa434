package dev.lamella.extender.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.api.LamellaApi;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.pod.PodRef;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import okhttp3.HttpUrl;
import okhttp3.Response;

/** Binds pods: one write that sets the node and carries the assignment. */
public final class PodBinder {

  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int CONFLICTS = 4;

  private final KubeApi api;

  public PodBinder(KubeApi api) {
    this.api = api;
  }

  /** What became of a bind. */
  public sealed interface Outcome {
    /** The pod is bound as asked. */
    record Bound() implements Outcome {}

    /**
     * It was certainly not written.
     *
     * @param seen the pod as it is, if it was read
     */
    record Refused(String message, Optional<PodFact> seen) implements Outcome {}

    /** It may or may not have been written. */
    record Unknown(String message) implements Outcome {}
  }

  /**
   * Writes the binding. The pod's UID and resourceVersion are preconditions: a new pod of the same
   * name is left be, and touching the pod makes sure that a lost write never comes.
   *
   * @param millis after which it is given up
   */
  public Outcome bind(PodFact pod, String node, Assignment assignment, long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    PodFact current = pod;
    try {
      for (int i = 0; i < CONFLICTS; i++) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        Optional<Outcome> outcome = write(current, node, assignment, left);
        if (outcome.isPresent()) {
          return outcome.get();
        }
        Optional<PodFact> read =
            read(pod.ref().namespace(), pod.ref().name())
                .filter(found -> found.ref().uid().equals(pod.ref().uid()));
        Optional<Outcome> settled = settled(read, current, assignment);
        if (settled.isPresent()) {
          return settled.get();
        }
        current = read.get();
      }
      return new Outcome.Refused("the pod changes all the time", Optional.of(current));
    } catch (IOException e) {
      return new Outcome.Unknown(e.toString());
    }
  }

  /** Empty at a conflict: the pod may have changed, or an attempt before was not lost after all. */
  private Optional<Outcome> write(PodFact pod, String node, Assignment assignment, long millis)
      throws IOException {
    HttpUrl url = podUrl(pod.ref().namespace(), pod.ref().name()).addPathSegment("binding").build();
    try (Response response = api.post(url, binding(pod, node, assignment), millis)) {
      if (response.isSuccessful()) {
        return Optional.of(new Outcome.Bound());
      }
      if (response.code() == CONFLICT) {
        return Optional.empty();
      }
      String message = response.code() + " " + message(response);
      return Optional.of(
          response.code() < 500
              ? new Outcome.Refused(message, Optional.empty())
              : new Outcome.Unknown(message));
    }
  }

  /** What a conflict was; empty if the pod had merely changed. */
  private static Optional<Outcome> settled(
      Optional<PodFact> read, PodFact tried, Assignment assignment) {
    if (read.isEmpty()) {
      return Optional.of(new Outcome.Refused("the pod is gone", Optional.empty()));
    }
    PodFact now = read.get();
    if (now.node().isPresent()) {
      return Optional.of(
          now.assignment().equals(Optional.of(assignment))
              ? new Outcome.Bound()
              : new Outcome.Refused("409 it is bound to " + now.node().get() + " already", read));
    }
    if (now.traits().terminating()) {
      return Optional.of(new Outcome.Refused("409 the pod is being deleted", read));
    }
    return now.version() == tried.version()
        ? Optional.of(new Outcome.Refused("409 the pod cannot be bound as it is", read))
        : Optional.empty();
  }

  private static Map<String, Object> binding(PodFact pod, String node, Assignment assignment) {
    Map<String, Object> metadata = new TreeMap<>();
    metadata.put("name", pod.ref().name());
    metadata.put("namespace", pod.ref().namespace());
    metadata.put("uid", pod.ref().uid());
    if (pod.version() > 0) {
      metadata.put("resourceVersion", Long.toString(pod.version()));
    }
    metadata.put("annotations", Map.of(LamellaApi.ASSIGNMENT, assignment.text()));
    return Map.of(
        "apiVersion",
        "v1",
        "kind",
        "Binding",
        "metadata",
        metadata,
        "target",
        Map.of("apiVersion", "v1", "kind", "Node", "name", node));
  }

  /**
   * Touches a pod and answers what it is then. A binding that names an earlier resourceVersion is
   * refused from here on.
   *
   * @return empty if there is no such pod
   * @throws IOException if the API server does not answer
   */
  public Optional<PodFact> touch(PodRef pod, Instant now) throws IOException {
    Map<String, Object> patch =
        Map.of(
            "metadata",
            Map.of("uid", pod.uid(), "annotations", Map.of(PodWriter.POKE, now.toString())));
    try (Response response = api.mergePatch(podUrl(pod.namespace(), pod.name()).build(), patch)) {
      if (response.code() == NOT_FOUND) {
        return Optional.empty();
      }
      boolean another = response.code() == CONFLICT && !exists(pod);
      if (another) {
        return Optional.empty();
      }
      if (!response.isSuccessful()) {
        throw new IOException("PATCH pod " + pod + ": " + response.code());
      }
      return api.json().readValue(response.body().byteStream(), PodJson.class).fact();
    }
  }

  private boolean exists(PodRef pod) throws IOException {
    return read(pod.namespace(), pod.name())
        .filter(found -> found.ref().uid().equals(pod.uid()))
        .isPresent();
  }

  private String message(Response response) {
    try {
      JsonNode status = api.json().readTree(response.body().byteStream());
      return status.path("message").asText(response.message());
    } catch (IOException e) {
      return response.message();
    }
  }

  /**
   * Reads a pod.
   *
   * @return empty if there is none of that name or it asks for no slices
   * @throws IOException if the API server does not answer
   */
  public Optional<PodFact> read(String namespace, String name) throws IOException {
    try (Response response = api.get(podUrl(namespace, name).build())) {
      if (response.code() == 404) {
        return Optional.empty();
      }
      if (!response.isSuccessful()) {
        throw new IOException("GET pod " + namespace + "/" + name + ": " + response.code());
      }
      return api.json().readValue(response.body().byteStream(), PodJson.class).fact();
    }
  }

  private HttpUrl.Builder podUrl(String namespace, String name) {
    return api.url("/api/v1/namespaces")
        .newBuilder()
        .addPathSegment(namespace)
        .addPathSegment("pods")
        .addPathSegment(name);
  }
}
