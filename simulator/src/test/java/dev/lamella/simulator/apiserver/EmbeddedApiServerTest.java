package dev.lamella.simulator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddedApiServerTest {

  private final EmbeddedApiServer server = EmbeddedApiServer.start(0);
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void startsWithTheUsualNamespaces() throws Exception {
    HttpResponse<String> namespaces = send("GET", "/api/v1/namespaces", "");

    assertThat(namespaces.statusCode()).isEqualTo(200);
    assertThat(namespaces.body())
        .contains("\"default\"", "\"kube-system\"", "\"kube-public\"", "\"kube-node-lease\"");
  }

  @Test
  void bindsAPodAndShowsItToAWatch() throws Exception {
    send("POST", "/api/v1/namespaces/default/pods", pod("p"));
    HttpResponse<String> bound =
        send(
            "POST",
            "/api/v1/namespaces/default/pods/p/binding",
            "{\"metadata\":{\"name\":\"p\",\"annotations\":{\"a\":\"b\"}},"
                + "\"target\":{\"name\":\"n\"}}");
    HttpResponse<Stream<String>> watch =
        http.send(
            HttpRequest.newBuilder(
                    uri("/api/v1/pods?watch=1&timeoutSeconds=1&fieldSelector=spec.nodeName%3Dn"))
                .build(),
            HttpResponse.BodyHandlers.ofLines());

    assertThat(bound.statusCode()).isEqualTo(201);
    assertThat(watch.body().toList())
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .startsWith("{\"type\":\"ADDED\"")
                    .contains("\"a\":\"b\"", "\"nodeName\":\"n\""));
  }

  private static String pod(String name) {
    return "{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}"
        .formatted(name);
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    HttpRequest.BodyPublisher publisher = HttpRequest.BodyPublishers.ofString(body);
    HttpRequest request =
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .method(method, publisher)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return server.uri().resolve(path);
  }
}
