package dev.lamella.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** HTTP to what runs on this machine. */
final class Web {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  private Web() {}

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  static String get(int port, String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(at(port, path))).body();
  }

  static int status(int port, String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(at(port, path))).statusCode();
  }

  static String get(URI uri) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri)).body();
  }

  static void post(URI uri, String json) throws IOException, InterruptedException {
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
  }

  private static URI at(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Something that holds, or does not yet. */
  interface Condition {
    void check() throws IOException, InterruptedException;
  }

  static void await(Running running, Condition condition) throws IOException, InterruptedException {
    await(List.of(running), condition);
  }

  /** Waits until it holds, as long as the programs live. */
  static void await(List<Running> running, Condition condition)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (true) {
      for (Running program : running) {
        program.requireAlive();
      }
      try {
        condition.check();
        return;
      } catch (AssertionError | IOException e) {
        if (System.nanoTime() > end) {
          throw new AssertionError("not within the limit; they say:\n" + said(running), e);
        }
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static String said(List<Running> running) throws IOException {
    StringBuilder all = new StringBuilder();
    for (Running program : running) {
      all.append(program.err()).append("--\n");
    }
    return all.toString();
  }
}
