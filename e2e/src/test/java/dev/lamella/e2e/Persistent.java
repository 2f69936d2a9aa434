package dev.lamella.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Requests that are made again while the API server is away. */
record Persistent(Kube kube) {

  /** Created now, or by a request whose answer was lost. */
  void create(Team team, PodOf pod) throws Exception {
    tolerating(409, () -> team.create(pod));
  }

  void delete(String path) throws Exception {
    tolerating(404, () -> kube.delete(path));
  }

  JsonNode patch(String path, Map<String, Object> patch) throws Exception {
    return Eventually.yields("PATCH " + path, () -> kube.patch(path, patch));
  }

  JsonNode get(String path) throws Exception {
    return Eventually.yields("GET " + path, () -> kube.get(path));
  }

  private static void tolerating(int code, Eventually.Step step) throws Exception {
    Optional<Kube.Refused> refused =
        Eventually.yields(
            "request",
            () -> {
              try {
                step.run();
                return Optional.empty();
              } catch (Kube.Refused e) {
                if (passing(e.code())) {
                  throw e;
                }
                return Optional.of(e);
              }
            });
    if (refused.isPresent() && refused.get().code() != code) {
      throw new IOException(refused.get());
    }
  }

  /** Whether the server may answer otherwise a moment later. */
  private static boolean passing(int code) {
    return code >= 500 || code == 429 || code == 401;
  }
}
