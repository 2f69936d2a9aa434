package dev.lamella.extender.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.Response;

/** By whom the API server believes a webhook's certificate to be signed. */
public final class CaBundle {

  private static final int CONFLICT = 409;

  private final KubeApi api;
  private final String configuration;
  private final String webhook;

  /**
   * @param configuration name of the MutatingWebhookConfiguration
   * @param webhook the webhook's name in it
   */
  public CaBundle(KubeApi api, String configuration, String webhook) {
    this.api = api;
    this.configuration = configuration;
    this.webhook = webhook;
  }

  /**
   * Sees to it that the bundle is this one. Who else writes at the same time wins.
   *
   * @param pem certificates
   * @return whether it was another one before
   * @throws IOException naming the configuration, if it cannot be read or written
   */
  public boolean keep(String pem) throws IOException {
    JsonNode object = read();
    String wanted = Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
    JsonNode found = null;
    for (JsonNode each : object.path("webhooks")) {
      found = each.path("name").asText().equals(webhook) ? each : found;
    }
    if (found == null) {
      throw new IOException(named() + " has no webhook " + webhook);
    }
    if (found.path("clientConfig").path("caBundle").asText().equals(wanted)) {
      return false;
    }
    ((ObjectNode) found.path("clientConfig")).put("caBundle", wanted);
    Map<String, Object> patch =
        Map.of(
            "metadata",
            Map.of("resourceVersion", object.path("metadata").path("resourceVersion").asText()),
            "webhooks",
            object.path("webhooks"));
    try (Response response = api.mergePatch(url(), patch)) {
      if (!response.isSuccessful() && response.code() != CONFLICT) {
        throw new IOException(named() + ": " + response.code());
      }
      return response.isSuccessful();
    }
  }

  private JsonNode read() throws IOException {
    try (Response response = api.get(url())) {
      if (!response.isSuccessful()) {
        throw new IOException(named() + ": " + response.code());
      }
      return api.json().readTree(response.body().byteStream());
    }
  }

  private String named() {
    return "mutatingwebhookconfiguration " + configuration;
  }

  private HttpUrl url() {
    return api.url("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations")
        .newBuilder()
        .addPathSegment(configuration)
        .build();
  }
}
