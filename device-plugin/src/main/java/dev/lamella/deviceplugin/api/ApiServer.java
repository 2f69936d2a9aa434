package dev.lamella.deviceplugin.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** Plain requests to the API server, with Jackson's JSON. */
public final class ApiServer implements AutoCloseable {

  static final JsonMapper JSON = new JsonMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Access access;
  private final OkHttpClient quick;
  private final OkHttpClient streaming;

  private ApiServer(Access access) {
    this.access = access;
    OkHttpClient plain = access.http();
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
    return new ApiServer(kubeconfig == null ? Access.ofPod() : Access.of(kubeconfig));
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
  okhttp3.Call stream(Call call) {
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

  private Request request(Call call) {
    HttpUrl.Builder url = access.server().newBuilder().addPathSegments(call.path().substring(1));
    call.query().forEach(url::addQueryParameter);
    RequestBody body =
        call.body() == null
            ? null
            : RequestBody.create(
                call.body().toString().getBytes(StandardCharsets.UTF_8),
                MediaType.get(call.contentType()));
    return new Request.Builder()
        .url(url.build())
        .header("Accept", call.accept())
        .method(call.method(), body)
        .build();
  }

  @Override
  public void close() {
    OkHttpClient plain = access.http();
    plain.dispatcher().executorService().shutdown();
    plain.connectionPool().evictAll();
  }
}
