package dev.lamella.extender.kube;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import okhttp3.HttpUrl;
import okhttp3.Response;

/** One Secret of the API server, written only if nobody else did in between. */
public final class SecretStore {

  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final KubeApi api;
  private final String namespace;
  private final String name;

  public SecretStore(KubeApi api, String namespace, String name) {
    this.api = api;
    this.namespace = namespace;
    this.name = name;
  }

  /**
   * What is in it.
   *
   * @param version its resourceVersion
   * @param texts by key, decoded
   */
  public record Stored(String version, Map<String, String> texts) {

    /** What is in it must not get into a log. */
    @Override
    public String toString() {
      return "Stored[version=" + version + ", keys=" + texts.keySet() + "]";
    }
  }

  private record SecretJson(Meta metadata, Map<String, String> data) {}

  /**
   * Reads it; empty if there is none.
   *
   * @throws IOException naming it, if the API server does not give it
   */
  public Optional<Stored> read() throws IOException {
    try (Response response = api.get(secrets().addPathSegment(name).build())) {
      if (response.code() == NOT_FOUND) {
        return Optional.empty();
      }
      require(response);
      SecretJson secret = api.json().readValue(response.body().byteStream(), SecretJson.class);
      Map<String, String> texts = new TreeMap<>();
      if (secret.data() != null) {
        secret.data().forEach((key, text) -> texts.put(key, decoded(text)));
      }
      return Optional.of(new Stored(secret.metadata().resourceVersion(), texts));
    }
  }

  private static String decoded(String text) {
    return text == null ? "" : new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
  }

  /**
   * Writes it.
   *
   * @param before what was read; empty if there was none
   * @return false if somebody else has written since
   * @throws IOException naming it, if the API server did not take it
   */
  public boolean write(Optional<Stored> before, Map<String, String> texts) throws IOException {
    Map<String, String> data = new TreeMap<>();
    Base64.Encoder base64 = Base64.getEncoder();
    texts.forEach((k, v) -> data.put(k, base64.encodeToString(v.getBytes(StandardCharsets.UTF_8))));
    try (Response response = before.isEmpty() ? create(data) : patch(before.get(), data)) {
      if (response.code() == CONFLICT) {
        return false;
      }
      require(response);
      return true;
    }
  }

  private Response create(Map<String, String> data) throws IOException {
    Map<String, Object> secret = new LinkedHashMap<>();
    secret.put("apiVersion", "v1");
    secret.put("kind", "Secret");
    secret.put("metadata", Map.of("name", name, "namespace", namespace));
    secret.put("type", "Opaque");
    secret.put("data", data);
    return api.post(secrets().build(), secret);
  }

  private Response patch(Stored before, Map<String, String> data) throws IOException {
    return api.mergePatch(
        secrets().addPathSegment(name).build(),
        Map.of("metadata", Map.of("resourceVersion", before.version()), "data", data));
  }

  private void require(Response response) throws IOException {
    if (!response.isSuccessful()) {
      throw new IOException("secret " + namespace + "/" + name + ": " + response.code());
    }
  }

  private HttpUrl.Builder secrets() {
    return api.url("/api/v1/namespaces")
        .newBuilder()
        .addPathSegment(namespace)
        .addPathSegment("secrets");
  }
}
