package dev.lamella.extender.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.extender.inspect.UserCluster.Missing;
import io.kubernetes.client.openapi.Pair;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** The scheduler extender, at an address or through the API server. */
final class ExtenderService implements AutoCloseable {

  private static final String LABELS =
      "app.kubernetes.io/name=lamella,app.kubernetes.io/component=scheduler-extender";
  private static final int PORT = 8888;

  private final OkHttpClient client;
  private final HttpUrl base;
  private final Optional<String> authorization;
  private final Optional<Tunnel> tunnel;

  private ExtenderService(
      OkHttpClient client, HttpUrl base, Optional<String> authorization, Optional<Tunnel> tunnel) {
    this.client = client;
    this.base = base;
    this.authorization = authorization;
    this.tunnel = tunnel;
  }

  /** What it answered. */
  record Answer(int status, String body) {}

  /**
   * Finds it.
   *
   * @throws Missing if it cannot be found
   * @throws InspectFailed if the flags cannot be used
   */
  static ExtenderService open(ClusterFlags flags, UserCluster cluster, Terminal terminal)
      throws Missing {
    String named =
        flags.extender != null ? flags.extender : terminal.environment().get("LAMELLA_EXTENDER");
    if (named == null || named.isEmpty()) {
      return throughTheApiServer(flags, cluster);
    }
    HttpUrl url = HttpUrl.parse(named.endsWith("/") ? named : named + "/");
    if (url == null) {
      throw InspectFailed.wrongInput(
          "--extender is %s, expected a URL such as http://127.0.0.1:8888".formatted(named));
    }
    return new ExtenderService(
        client(flags).build(), url, cluster.authorization(), Optional.empty());
  }

  private static OkHttpClient.Builder client(ClusterFlags flags) {
    OkHttpClient.Builder builder = new OkHttpClient.Builder().callTimeout(Duration.ofSeconds(15));
    if (flags.extenderCa != null) {
      Trust trust = Trust.of(flags.extenderCa);
      builder.sslSocketFactory(trust.sockets(), trust.manager());
    }
    return builder;
  }

  /** The certificate is checked against the Service's name, which here leads to the tunnel. */
  private static ExtenderService throughTheApiServer(ClusterFlags flags, UserCluster cluster)
      throws Missing {
    JsonNode pod = pod(flags, cluster);
    String namespace = pod.at("/metadata/namespace").asText();
    String name = pod.at("/metadata/name").asText();
    boolean tls = false;
    int port = PORT;
    for (JsonNode declared : pod.at("/spec/containers/0/ports")) {
      String called = declared.path("name").asText();
      if (called.equals("https") || called.equals("http")) {
        tls = called.equals("https");
        port = declared.path("containerPort").asInt(PORT);
      }
    }
    try {
      Tunnel tunnel = Tunnel.open(cluster.client(), namespace, name, port);
      HttpUrl url =
          new HttpUrl.Builder()
              .scheme(tls ? "https" : "http")
              .host(service(pod) + "." + namespace + ".svc")
              .port(tunnel.localPort())
              .build();
      OkHttpClient client =
          client(flags).dns(host -> List.of(InetAddress.getLoopbackAddress())).build();
      return new ExtenderService(client, url, cluster.authorization(), Optional.of(tunnel));
    } catch (IOException e) {
      throw new Missing("no port of this machine could be had: " + e.getMessage());
    }
  }

  /** A pod of a Deployment has its name, and the Service that too; the rest is generated. */
  private static String service(JsonNode pod) {
    return pod.at("/metadata/name").asText().replaceFirst("-[a-z0-9]+-[a-z0-9]{5}$", "");
  }

  /** The leader if one is marked, else any that runs: the first by name. */
  private static JsonNode pod(ClusterFlags flags, UserCluster cluster) throws Missing {
    String path =
        flags.extenderNamespace == null
            ? "/api/v1/pods"
            : "/api/v1/namespaces/" + flags.extenderNamespace + "/pods";
    return cluster
        .list(
            path,
            "list pods where the extender runs: name it by --extender or --extender-namespace",
            new Pair("labelSelector", LABELS))
        .stream()
        .filter(pod -> pod.at("/status/phase").asText().equals("Running"))
        .min(
            Comparator.comparing(
                    (JsonNode pod) ->
                        !pod.at("/metadata/labels")
                            .path("lamella.dev/leader")
                            .asText()
                            .equals("true"))
                .thenComparing(pod -> pod.at("/metadata/name").asText()))
        .orElseThrow(
            () ->
                new Missing("no running pod has the labels " + LABELS + ": name it by --extender"));
  }

  /**
   * Asks about a pod.
   *
   * @param all every node, not the first of each reason
   * @throws Missing if it does not answer
   */
  Answer explain(String namespace, String pod, boolean all, String accept) throws Missing {
    HttpUrl.Builder url = base.newBuilder();
    List.of("explain", namespace, pod).forEach(url::addPathSegment);
    if (all) {
      url.addQueryParameter("all", null);
    }
    Request.Builder request = new Request.Builder().url(url.build()).header("Accept", accept);
    authorization.ifPresent(value -> request.header("Authorization", value));
    try (Response response = client.newCall(request.build()).execute()) {
      return new Answer(response.code(), response.body().string());
    } catch (IOException e) {
      throw new Missing("the extender at %s does not answer: %s".formatted(base, e.getMessage()));
    }
  }

  @Override
  public void close() {
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
    try {
      if (tunnel.isPresent()) {
        tunnel.get().close();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
