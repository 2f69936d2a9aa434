package dev.lamella.simulator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.lamella.core.api.LamellaApi;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CustomObjectsApi;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The status subresource, on Lamella's own kind. */
interface StatusContract extends ContractCluster {

  private CustomObjectsApi custom() {
    return new CustomObjectsApi(client());
  }

  private Map<String, Object> gpuNode(String version, String cordoned, boolean serving) {
    return Map.of(
        "apiVersion",
        "lamella.dev/v1alpha1",
        "kind",
        "GpuNode",
        "metadata",
        version.isEmpty()
            ? Map.of("name", namespace())
            : Map.of("name", namespace(), "resourceVersion", version),
        "spec",
        Map.of("cordoned", List.of(cordoned)),
        "status",
        Map.of("serving", serving));
  }

  private JsonObject created(Object body) throws ApiException {
    return json(
        custom()
            .createClusterCustomObject(
                LamellaApi.GROUP, LamellaApi.VERSION, LamellaApi.GPU_NODES, body)
            .execute());
  }

  private JsonObject replaced(Object body, boolean status) throws ApiException {
    return json(
        status
            ? custom()
                .replaceClusterCustomObjectStatus(
                    LamellaApi.GROUP, LamellaApi.VERSION, LamellaApi.GPU_NODES, namespace(), body)
                .execute()
            : custom()
                .replaceClusterCustomObject(
                    LamellaApi.GROUP, LamellaApi.VERSION, LamellaApi.GPU_NODES, namespace(), body)
                .execute());
  }

  private static JsonObject json(Object body) {
    return new Gson().toJsonTree(body).getAsJsonObject();
  }

  private static String version(JsonObject object) {
    return object.getAsJsonObject("metadata").get("resourceVersion").getAsString();
  }

  private static int generation(JsonObject object) {
    return object.getAsJsonObject("metadata").get("generation").getAsInt();
  }

  @Test
  default void specAndStatusAreWrittenApart() throws ApiException {
    try {
      JsonObject first = created(gpuNode("", "GPU-1", true));
      JsonObject spec = replaced(gpuNode(version(first), "GPU-2", true), false);
      JsonObject status = replaced(gpuNode(version(spec), "GPU-3", true), true);

      assertThat(first.has("status")).isFalse();
      assertThat(generation(first)).isEqualTo(1);
      assertThat(spec.has("status")).isFalse();
      assertThat(generation(spec)).isEqualTo(2);
      assertThat(status.getAsJsonObject("status").get("serving").getAsBoolean()).isTrue();
      assertThat(status.getAsJsonObject("spec").toString()).contains("GPU-2");
      assertThat(generation(status)).isEqualTo(2);
      assertThat(
              ContractCluster.codeOf(() -> replaced(gpuNode(version(spec), "GPU-3", false), true)))
          .isEqualTo(409);
      assertThat(ContractCluster.codeOf(() -> replaced(gpuNode("", "GPU-3", true), false)))
          .isEqualTo(422);
    } finally {
      custom()
          .deleteClusterCustomObject(
              LamellaApi.GROUP, LamellaApi.VERSION, LamellaApi.GPU_NODES, namespace())
          .execute();
    }
  }
}
