package dev.lamella.deviceplugin.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.Pair;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** Plain requests to the API server, with client-java's credentials and TLS, and Jackson's JSON. */
public final class ApiServer implements AutoCloseable {

  static final JsonMapper JSON = new JsonMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final ApiClient client;
  private final OkHttpClient quick;
  private final OkHttpClient streaming;

  private ApiServer(ApiClient client) {
    this.client = client;
    OkHttpClient plain = client.getHttpClient();
    quick = plain.newBuilder().callTimeout(TIMEOUT).readTimeout(TIMEOUT).build();
    streaming =
        plain
            .newBuilder()
            .callTimeout(Duration.ZERO)
            .readTimeout(PodWatch.SERVER_TIMEOUT.plusSeconds(30))
            .pingInterval(Duration.ofSeconds(15))
            .build();
  }

  /**
   * @param kubeconfig null for the pod's own service account
   * @throws IOException if the credentials cannot be read
   */
  public static ApiServer connect(Path kubeconfig) throws IOException {
    return new ApiServer(
        kubeconfig == null
            ? ClientBuilder.cluster().build()
            : Config.fromConfig(kubeconfig.toString()));
  }

  /** A request: method, path from the root, query, and what is accepted and sent. */
  record Call(String method, String path, Map<String, String> query, String accept, JsonNode body) {

    static Call get(String path, Map<String, String> query, String accept) {
      return new Call("GET", path, query, accept, null);
    }

    static Call of(String method, String path, JsonNode body) {
      return new Call(method, path, Map.of(), "application/json", body);
    }

    private String contentType() {
      return method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
    }
  }

  /**
   * The answer's JSON.
   *
   * @throws ApiException if the server answers with an error
   * @throws IOException if it does not answer
   */
  JsonNode send(Call call) throws IOException {
    try (Response response = quick.newCall(request(call)).execute()) {
      return JSON.readTree(successful(response).byteStream());
    }
  }

  /** A call whose answer is read as it comes; the caller executes, cancels and closes it. */
  okhttp3.Call stream(Call call) throws IOException {
    return streaming.newCall(request(call));
  }

  static ResponseBody successful(Response response) throws IOException {
    if (!response.isSuccessful()) {
      String text = response.body().string();
      throw new ApiException(
          response.code(),
          "%s %s: %d: %s"
              .formatted(
                  response.request().method(),
                  response.request().url().encodedPath(),
                  response.code(),
                  message(text)));
    }
    return response.body();
  }

  private static String message(String text) {
    try {
      return JSON.readTree(text).path("message").asText(text);
    } catch (IOException e) {
      return text.lines().findFirst().orElse("");
    }
  }

  private Request request(Call call) throws IOException {
    List<Pair> query = new ArrayList<>();
    call.query().forEach((name, value) -> query.add(new Pair(name, value)));
    // client-java puts a kubeconfig's token into these: they must not be immutable.
    Map<String, String> headers = new HashMap<>();
    headers.put("Accept", call.accept());
    headers.put("Content-Type", call.contentType());
    byte[] body =
        call.body() == null ? null : call.body().toString().getBytes(StandardCharsets.UTF_8);
    try {
      return client.buildRequest(
          client.getBasePath(),
          call.path(),
          call.method(),
          query,
          new ArrayList<>(),
          body,
          headers,
          new HashMap<>(),
          new HashMap<>(),
          new String[] {"BearerToken"},
          null);
    } catch (io.kubernetes.client.openapi.ApiException e) {
      throw new IOException("request to " + call.path() + " cannot be built", e);
    }
  }

  @Override
  public void close() {
    OkHttpClient plain = client.getHttpClient();
    plain.dispatcher().executorService().shutdown();
    plain.connectionPool().evictAll();
  }
}
