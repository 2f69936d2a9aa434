package dev.lamella.extender.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import okhttp3.HttpUrl;
import okhttp3.Response;

/** One Lease of coordination.k8s.io. */
public final class LeaseApi {

  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final KubeApi api;
  private final String namespace;
  private final String name;

  public LeaseApi(KubeApi api, String namespace, String name) {
    this.api = api;
    this.namespace = namespace;
    this.name = name;
  }

  /**
   * The lease as it stands.
   *
   * @param holder empty if nobody has it
   * @param seconds for how long it counts after it was renewed
   * @param transitions how often it changed hands
   * @param version its resourceVersion; empty for one that is not there yet
   */
  public record Lease(String holder, int seconds, int transitions, String version) {

    /** None has been written yet. */
    public static final Lease NONE = new Lease("", 0, 0, "");
  }

  /**
   * Reads it.
   *
   * @throws IOException if the API server does not answer
   */
  public Lease read(long millis) throws IOException {
    try (Response response = api.get(url().addPathSegment(name).build(), millis)) {
      if (response.code() == NOT_FOUND) {
        return Lease.NONE;
      }
      return lease(response);
    }
  }

  /**
   * Writes it, unless somebody else has since it was read.
   *
   * @return the lease as written; empty if somebody else was first
   * @throws IOException if the API server does not answer; it may have been written
   */
  public Optional<Lease> write(Lease read, Lease wanted, Instant now, long millis)
      throws IOException {
    Map<String, Object> metadata = new TreeMap<>(Map.of("name", name, "namespace", namespace));
    if (!read.version().isEmpty()) {
      metadata.put("resourceVersion", read.version());
    }
    String time = now.truncatedTo(ChronoUnit.MICROS).toString();
    Map<String, Object> spec = new TreeMap<>();
    spec.put("holderIdentity", wanted.holder());
    spec.put("leaseDurationSeconds", wanted.seconds());
    spec.put("leaseTransitions", wanted.transitions());
    spec.put("renewTime", time);
    spec.put("acquireTime", time);
    Map<String, Object> body =
        Map.of(
            "apiVersion",
            "coordination.k8s.io/v1",
            "kind",
            "Lease",
            "metadata",
            metadata,
            "spec",
            spec);
    try (Response response =
        read.version().isEmpty()
            ? api.post(url().build(), body, millis)
            : api.put(url().addPathSegment(name).build(), body, millis)) {
      return response.code() == CONFLICT ? Optional.empty() : Optional.of(lease(response));
    }
  }

  private Lease lease(Response response) throws IOException {
    if (!response.isSuccessful()) {
      throw new IOException("lease " + namespace + "/" + name + ": " + response.code());
    }
    JsonNode lease = api.json().readTree(response.body().byteStream());
    JsonNode spec = lease.path("spec");
    return new Lease(
        spec.path("holderIdentity").asText(""),
        spec.path("leaseDurationSeconds").asInt(),
        spec.path("leaseTransitions").asInt(),
        lease.path("metadata").path("resourceVersion").asText(""));
  }

  private HttpUrl.Builder url() {
    return api.url("/apis/coordination.k8s.io/v1/namespaces")
        .newBuilder()
        .addPathSegment(namespace)
        .addPathSegment("leases");
  }
}
