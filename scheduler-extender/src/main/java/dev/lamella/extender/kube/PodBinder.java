package dev.lamella.extender.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.api.LamellaApi;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.pod.PodRef;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.Response;

/** Binds pods: one write that sets the node and carries the assignment. */
public final class PodBinder {

  private final KubeApi api;

  public PodBinder(KubeApi api) {
    this.api = api;
  }

  /** What became of a bind. */
  public sealed interface Outcome {
    /** The pod is bound as asked. */
    record Bound() implements Outcome {}

    /** It was certainly not written. */
    record Refused(String message) implements Outcome {}

    /** It may or may not have been written. */
    record Unknown(String message) implements Outcome {}
  }

  /** Writes the binding. The pod's UID is a precondition: a new pod of the same name is left be. */
  public Outcome bind(PodRef pod, String node, Assignment assignment) {
    Map<String, Object> binding =
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Binding",
            "metadata",
            Map.of(
                "name",
                pod.name(),
                "namespace",
                pod.namespace(),
                "uid",
                pod.uid(),
                "annotations",
                Map.of(LamellaApi.ASSIGNMENT, assignment.text())),
            "target",
            Map.of("apiVersion", "v1", "kind", "Node", "name", node));
    HttpUrl url = podUrl(pod.namespace(), pod.name()).addPathSegment("binding").build();
    try (Response response = api.post(url, binding)) {
      if (response.isSuccessful()) {
        return new Outcome.Bound();
      }
      String message = response.code() + " " + message(response);
      return response.code() < 500 ? new Outcome.Refused(message) : new Outcome.Unknown(message);
    } catch (IOException e) {
      return new Outcome.Unknown(e.toString());
    }
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
