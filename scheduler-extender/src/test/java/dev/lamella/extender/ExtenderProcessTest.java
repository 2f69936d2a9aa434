package dev.lamella.extender;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as the cluster runs it: signals, exit codes, a heap that ends somewhere. */
class ExtenderProcessTest {

  private static final String POD =
      """
      {"metadata":{"name":"p","namespace":"team","uid":"u1"},"spec":{"containers":[{"name":"c",
       "resources":{"requests":{"nvidia.com/mig-1g.5gb":"1"}}}]},"status":{"phase":"Pending"}}
      """;

  @TempDir Path dir;
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void toldToStopItIsUnreadyThenStopsListeningFinishesItsBindAndExitsWith0() throws Exception {
    CountDownLatch binding = new CountDownLatch(1);
    String path = "/api/v1/namespaces/team/pods/p";
    try (StandInApi api = new StandInApi();
        ExtenderProcess extender =
            new ExtenderProcess(dir, api, "limits: {drainSeconds: 1, requestSeconds: 60}")) {
      api.on("GET " + path, 200, POD).on("POST " + path + "/binding", 201, "{}");
      api.holding("POST " + path + "/binding", binding);
      Await.until("ready", () -> status(extender.uri("/readyz")) == 200);
      URI readyz = extender.uri("/readyz");
      CompletableFuture<HttpResponse<String>> bind =
          post(
              extender.uri("/bind"),
              "{\"PodName\":\"p\",\"PodNamespace\":\"team\",\"PodUID\":\"u1\",\"Node\":\"a\"}");
      Await.until("the bind is written", () -> api.requests().toString().contains("/binding"));

      extender.process.destroy();

      Await.until("unready", () -> status(readyz) == 503);
      assertThat(body(readyz)).contains("it was told to stop");
      Await.until("nobody listens", () -> !listens(readyz.getPort()));
      assertThat(bind).as("the bind is under way still").isNotDone();
      binding.countDown();
      assertThat(bind.get(30, TimeUnit.SECONDS).body()).isEqualTo("{\"Error\":\"\"}");
      assertThat(extender.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(extender.process.exitValue()).isZero();
      assertThat(extender.log()).contains("bind pod=team/p node=a held=").contains("stopping");
    }
  }

  @Test
  void hostileBodiesDoNotExhaustASmallHeap() throws Exception {
    int size = 30 << 20;
    List<String> hostile =
        List.of(
            fill(size, "{\"NodeNames\":[", i -> "\"n" + i + "\"", "]}"),
            fill(size, "{\"NodeNames\":[", i -> "\"\"", "]}"),
            fill(size, "{", i -> "\"k" + i + "\":0", "}"),
            fill(size, "{\"Nodes\":{\"items\":[", i -> "{\"k" + i + "\":1}", "]}}"),
            fill(
                size,
                "{\"Pod\":{\"metadata\":{\"annotations\":{",
                i -> "\"" + i + "\":\"\"",
                "}}}}"),
            fill(size, "{\"Pod\":{\"spec\":{\"containers\":[", i -> "{}", "]}}}"),
            fill(
                size,
                "{\"NodeNameToMetaVictims\":{\"a\":{\"Pods\":[",
                i -> "{\"UID\":\"" + i + "\"}",
                "]}}}"),
            "{\"x\":\"" + "y".repeat(size) + "\"}",
            "[".repeat(size));
    try (StandInApi api = new StandInApi();
        ExtenderProcess extender =
            new ExtenderProcess(
                dir,
                api,
                "limits: {drainSeconds: 0, requestSeconds: 60, bodySeconds: 60}",
                "-Xmx256m",
                "-XX:+ExitOnOutOfMemoryError")) {
      Await.until("ready", () -> status(extender.uri("/readyz")) == 200);
      for (String path : List.of("/filter", "/preempt", "/bind")) {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        hostile.forEach(body -> answers.add(post(extender.uri(path), body)));
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
          HttpResponse<String> got = answer.get(120, TimeUnit.SECONDS);
          assertThat(got.statusCode()).as(got.body()).isIn(400, 503);
          assertThat(got.body()).isNotBlank();
        }
      }
      assertThat(status(extender.uri("/readyz"))).isEqualTo(200);
      extender.process.destroy();
      assertThat(extender.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(extender.process.exitValue()).as(extender.log()).isZero();
    }
  }

  private static String fill(int size, String start, IntFunction<String> item, String end) {
    StringBuilder text = new StringBuilder(size + 64).append(start).append(item.apply(0));
    for (int i = 1; text.length() < size; i++) {
      text.append(',').append(item.apply(i));
    }
    return text.append(end).toString();
  }

  private CompletableFuture<HttpResponse<String>> post(URI uri, String body) {
    return client.sendAsync(
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(120))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private int status(URI uri) {
    return get(uri).statusCode();
  }

  private String body(URI uri) {
    return get(uri).body();
  }

  private HttpResponse<String> get(URI uri) {
    try {
      return client.send(
          HttpRequest.newBuilder(uri).build(),
          HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
