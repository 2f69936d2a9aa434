package dev.lamella.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** The API server as JSON, with a client's credentials. */
final class Kube {

  private static final MediaType JSON = MediaType.get("application/json");

  private static final MediaType MERGE_PATCH = MediaType.get("application/merge-patch+json");

  private final ApiClient client;
  private final JsonMapper mapper = new JsonMapper();

  Kube(ApiClient client) {
    this.client = client;
  }

  ApiClient client() {
    return client;
  }

  /**
   * An object or list.
   *
   * @param path from the root, such as {@code /api/v1/nodes/gpu-a}
   * @throws Refused if the answer is none of the 200s
   */
  JsonNode get(String path) throws IOException {
    return send("GET", path, null);
  }

  JsonNode post(String path, Object body) throws IOException {
    return send("POST", path, RequestBody.create(mapper.writeValueAsBytes(body), JSON));
  }

  /** A merge patch. */
  JsonNode patch(String path, Object patch) throws IOException {
    return send("PATCH", path, RequestBody.create(mapper.writeValueAsBytes(patch), MERGE_PATCH));
  }

  JsonNode delete(String path) throws IOException {
    return send("DELETE", path, null);
  }

  private JsonNode send(String method, String path, RequestBody body) throws IOException {
    Request request =
        new Request.Builder().url(client.getBasePath() + path).method(method, body).build();
    try (Response response = client.getHttpClient().newCall(request).execute()) {
      String text = response.body().string();
      if (!response.isSuccessful()) {
        throw new Refused(response.code(), method + " " + path + ": " + text);
      }
      return text.startsWith("{") ? mapper.readTree(text) : mapper.getNodeFactory().textNode(text);
    }
  }

  /** An answer that is none of the 200s. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1;
    private final int code;

    Refused(int code, String message) {
      super(code + " " + message);
      this.code = code;
    }

    int code() {
      return code;
    }
  }
}
