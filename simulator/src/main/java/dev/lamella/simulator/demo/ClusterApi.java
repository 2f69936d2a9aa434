package dev.lamella.simulator.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** The API server as JSON: what a command line client needs of it. */
final class ClusterApi implements AutoCloseable {

  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final MediaType OBJECT = MediaType.get("application/json");
  private static final MediaType MERGE = MediaType.get("application/merge-patch+json");

  private final OkHttpClient http =
      new OkHttpClient.Builder().readTimeout(Duration.ofSeconds(30)).build();
  private final URI api;

  ClusterApi(URI api) {
    this.api = api;
  }

  /** An answer, good or bad. */
  record Reply(int code, JsonNode body) {
    boolean ok() {
      return code < 300;
    }

    /** What the server says about a refusal. */
    String message() {
      return body.path("message").asText("HTTP status " + code);
    }
  }

  /**
   * A kind of object.
   *
   * @param path of the group and version, such as {@code /apis/apps/v1}
   */
  record Resource(String path, String plural, boolean namespaced) {

    /** The path of its objects in a namespace; the default one if none is named. */
    String collection(String namespace) {
      String in = namespace.isEmpty() ? "default" : namespace;
      return namespaced ? "%s/namespaces/%s/%s".formatted(path, in, plural) : path + "/" + plural;
    }
  }

  /** The resource of a kind; empty if the server has no such kind. */
  Optional<Resource> resource(String apiVersion, String kind) throws IOException {
    String path = (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion;
    for (JsonNode resource : get(path).body().path("resources")) {
      String name = resource.path("name").asText();
      if (resource.path("kind").asText().equals(kind) && !name.contains("/")) {
        return Optional.of(new Resource(path, name, resource.path("namespaced").asBoolean()));
      }
    }
    return Optional.empty();
  }

  /** Creates an object, or changes the one that is there. */
  Reply apply(Resource resource, Manifest manifest) throws IOException {
    String collection = resource.collection(manifest.namespace());
    RequestBody body = RequestBody.create(manifest.object().toString(), OBJECT);
    Reply created = send("POST", collection, body);
    if (created.code() != 409) {
      return created;
    }
    RequestBody patch = RequestBody.create(manifest.object().toString(), MERGE);
    return send("PATCH", collection + "/" + manifest.name(), patch);
  }

  Reply get(String path) throws IOException {
    return send("GET", path, null);
  }

  /**
   * The items of a list.
   *
   * @throws IOException also if the server refuses
   */
  JsonNode list(String path) throws IOException {
    Reply reply = get(path);
    if (!reply.ok()) {
      throw new IOException("GET %s: %s".formatted(path, reply.message()));
    }
    return reply.body().path("items");
  }

  private Reply send(String method, String path, RequestBody body) throws IOException {
    Request request = new Request.Builder().url(api + path).method(method, body).build();
    try (Response response = http.newCall(request).execute()) {
      return new Reply(response.code(), JSON.readTree(response.body().bytes()));
    }
  }

  @Override
  public void close() {
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
