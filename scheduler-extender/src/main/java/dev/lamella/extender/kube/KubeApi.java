package dev.lamella.extender.kube;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Requests to the API server with client-java's credentials and TLS, read with Jackson straight
 * into the few fields that matter: whole typed objects of 20,000 pods are not worth their memory.
 */
public final class KubeApi implements AutoCloseable {

  private static final String AGENT = "lamella-scheduler-extender";

  /** As many as bind at once: OkHttp's five would close and open the others all the time. */
  private static final int IDLE_CONNECTIONS = 16;

  private static final MediaType JSON = MediaType.get("application/json");

  private static final MediaType MERGE_PATCH = MediaType.get("application/merge-patch+json");

  private final String base;
  private final OkHttpClient client;
  private final OkHttpClient watching;
  private final ObjectMapper json;

  private KubeApi(ApiClient api, String agent) {
    this.base = api.getBasePath().replaceAll("/+$", "");
    // Interceptors carry a service account's token, which is renewed; a kubeconfig's token is in
    // none: client-java adds it to the requests that it builds itself.
    this.client =
        api.getHttpClient()
            .newBuilder()
            .callTimeout(Duration.ofSeconds(10))
            .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 5, TimeUnit.MINUTES))
            .addInterceptor(new Patience())
            .addInterceptor(chain -> chain.proceed(authorized(api, chain.request(), agent)))
            .build();
    this.watching = client.newBuilder().callTimeout(Duration.ZERO).build();
    this.json =
        JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(new SimpleModule().addDeserializer(String.class, new SameStrings()))
            .build();
  }

  /**
   * @param kubeconfig the file that says where the API server is; empty for the service account of
   *     the pod that this runs in
   * @throws IOException if it cannot be read
   */
  public static KubeApi open(Optional<Path> kubeconfig) throws IOException {
    return open(kubeconfig, "");
  }

  /**
   * @param identity which of several replicas this is, for the API server's audit; may be empty
   * @throws IOException if the kubeconfig or the service account cannot be read
   */
  public static KubeApi open(Optional<Path> kubeconfig, String identity) throws IOException {
    String agent = AGENT + (identity.isEmpty() ? "" : " (" + identity + ")");
    if (kubeconfig.isEmpty()) {
      return new KubeApi(ClientBuilder.cluster().build(), agent);
    }
    try (Reader reader = Files.newBufferedReader(kubeconfig.get(), StandardCharsets.UTF_8)) {
      KubeConfig config = KubeConfig.loadKubeConfig(reader);
      config.setFile(kubeconfig.get().toFile());
      return new KubeApi(ClientBuilder.kubeconfig(config).build(), agent);
    }
  }

  private static Request authorized(ApiClient api, Request request, String agent)
      throws IOException {
    Map<String, String> headers = new TreeMap<>();
    try {
      api.getAuthentication("BearerToken")
          .applyToParams(List.of(), headers, Map.of(), "", request.method(), request.url().uri());
    } catch (ApiException e) {
      throw new IOException("the kubeconfig's credentials cannot be used", e);
    }
    Request.Builder builder = request.newBuilder().header("User-Agent", agent);
    headers.forEach(builder::header);
    return builder.build();
  }

  ObjectMapper json() {
    return json;
  }

  /** A GET; the caller closes the response. */
  Response get(HttpUrl url) throws IOException {
    return client.newCall(new Request.Builder().url(url).build()).execute();
  }

  /** A GET that is given up after so many milliseconds; the caller closes the response. */
  Response get(HttpUrl url, long millis) throws IOException {
    return within(millis, new Request.Builder().url(url).build());
  }

  private Response within(long millis, Request request) throws IOException {
    Call call = client.newCall(request);
    call.timeout().timeout(Math.max(1, millis), TimeUnit.MILLISECONDS);
    return call.execute();
  }

  /** A POST of JSON; the caller closes the response. */
  Response post(HttpUrl url, Object body) throws IOException {
    RequestBody content = RequestBody.create(json.writeValueAsBytes(body), JSON);
    return client.newCall(new Request.Builder().url(url).post(content).build()).execute();
  }

  /** A POST that is given up after so many milliseconds; the caller closes the response. */
  Response post(HttpUrl url, Object body, long millis) throws IOException {
    RequestBody content = RequestBody.create(json.writeValueAsBytes(body), JSON);
    return within(millis, new Request.Builder().url(url).post(content).build());
  }

  /** A PUT of JSON, given up after so many milliseconds; the caller closes the response. */
  Response put(HttpUrl url, Object body, long millis) throws IOException {
    RequestBody content = RequestBody.create(json.writeValueAsBytes(body), JSON);
    return within(millis, new Request.Builder().url(url).put(content).build());
  }

  /** A merge patch; the caller closes the response. */
  Response mergePatch(HttpUrl url, Object patch) throws IOException {
    RequestBody content = RequestBody.create(json.writeValueAsBytes(patch), MERGE_PATCH);
    return client.newCall(new Request.Builder().url(url).patch(content).build()).execute();
  }

  /**
   * A watch, whose response goes on until it ends or the call is cancelled.
   *
   * @param silentSeconds how long it may say nothing before its connection counts as dead
   */
  Call watch(HttpUrl url, int silentSeconds) {
    return watching
        .newBuilder()
        .readTimeout(silentSeconds, TimeUnit.SECONDS)
        .build()
        .newCall(new Request.Builder().url(url).build());
  }

  /** An address below the API server's, such as {@code /api/v1/pods}. */
  HttpUrl url(String path) {
    return HttpUrl.get(base + path);
  }

  @Override
  public void close() {
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }
}
