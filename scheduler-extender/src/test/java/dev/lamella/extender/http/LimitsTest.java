package dev.lamella.extender.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.extender.Await;
import dev.lamella.extender.access.Access;
import dev.lamella.extender.config.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each limit, met by the real server: its status, its reason, and that the server goes on. */
class LimitsTest {

  @TempDir Path dir;
  private final HttpClient client = HttpClient.newHttpClient();
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger entered = new AtomicInteger();
  private final Endpoint slow =
      Endpoint.of(
          "/slow",
          Access.ANYONE,
          exchange -> {
            entered.incrementAndGet();
            try {
              release.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            exchange.text(200, "done");
          });
  private TestService service;

  @AfterEach
  void stop() {
    release.countDown();
    service.close();
  }

  /** Two at once, three waiting, a second each. */
  private void start(int bodySeconds, int requestSeconds) throws IOException {
    Limits limits = new Limits(1, 2, 4, 20, 2, 3, bodySeconds, requestSeconds, 30, 64, 0);
    service = new TestService(dir, TestService.config(limits), slow);
  }

  @Test
  void aBodyTooLargeIs413AnnouncedOrNot() throws Exception {
    start(10, 10);

    HttpResponse<String> announced = service.post(client, "/filter", new byte[2 << 20]);
    HttpResponse<String> chunked =
        TestService.send(
            client,
            HttpRequest.newBuilder(service.uri("/filter"))
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(new byte[2 << 20]))));

    assertThat(List.of(announced.statusCode(), chunked.statusCode())).containsOnly(413);
    assertThat(announced.body())
        .isEqualTo("the body is longer than 1048576 bytes (limits.maxBodyMiB)\n");
    assertThat(chunked.body()).isEqualTo(announced.body());
    assertNothingIsKept();
  }

  @Test
  void headersTooLargeAre431() throws Exception {
    start(10, 10);

    HttpResponse<String> answer = service.get(client, "/healthz", "X-Long", "x".repeat(8 << 10));

    assertThat(answer.statusCode()).isEqualTo(431);
    assertThat(answer.body()).isEqualTo("the headers are too large (limits.maxHeaderKiB)\n");
  }

  @Test
  void requestsBeyondThoseThatMayWaitAre503WithRetryAfter() throws Exception {
    start(10, 60);
    List<CompletableFuture<HttpResponse<String>>> taken = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      taken.add(ask("/slow"));
    }
    Await.until("two run", () -> entered.get() == 2);
    Await.until("three wait", () -> metric("lamella_extender_requests_waiting 3.0"));

    HttpResponse<String> sixth = service.post(client, "/filter", "{}");

    assertThat(sixth.statusCode()).isEqualTo(503);
    assertThat(sixth.headers().firstValue("Retry-After")).contains("1");
    assertThat(sixth.body()).isEqualTo("too many requests at once, try again\n");
    assertThat(service.get(client, "/healthz").statusCode())
        .as("probes need no turn")
        .isEqualTo(200);
    release.countDown();
    for (CompletableFuture<HttpResponse<String>> answer : taken) {
      assertThat(answer.get(30, TimeUnit.SECONDS).body()).isEqualTo("done\n");
    }
    assertNothingIsKept();
  }

  @Test
  void anAnswerThatTakesTooLongIs503() throws Exception {
    start(10, 1);

    HttpResponse<String> answer = ask("/slow").get(30, TimeUnit.SECONDS);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("no answer within 1 s\n");
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
  }

  @Test
  void aBodyThatComesByteByByteIs408() throws Exception {
    start(1, 10);
    try (Socket socket = new Socket("127.0.0.1", service.server.uri().getPort())) {
      socket.setSoTimeout(30_000);
      send(socket, "POST /filter HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
      CompletableFuture<Void> dribble =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 400; i++) {
                  try {
                    send(socket, "x");
                    TimeUnit.MILLISECONDS.sleep(20);
                  } catch (IOException | InterruptedException e) {
                    return;
                  }
                }
              });

      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 408 ").contains("the body took longer than 1 s");
      dribble.get(30, TimeUnit.SECONDS);
    }
    assertNothingIsKept();
  }

  @Test
  void manySlowBodiesHoldUpNobody() throws Exception {
    start(10, 10);
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      Socket socket = new Socket("127.0.0.1", service.server.uri().getPort());
      send(socket, "POST /filter HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{\"Pod\"");
      sockets.add(socket);
    }

    HttpResponse<String> answer = service.post(client, "/filter", "{}");

    assertThat(answer.body()).isEqualTo("/filter: Pod is needed\n");
    for (Socket socket : sockets) {
      socket.close();
    }
    assertNothingIsKept();
  }

  @Test
  void allBodiesTogetherAreBounded() throws Exception {
    start(10, 60);
    List<Socket> sockets = new ArrayList<>();
    for (int bytes : List.of(1 << 20, 1 << 19)) {
      Socket socket = new Socket("127.0.0.1", service.server.uri().getPort());
      send(socket, "POST /filter HTTP/1.1\r\nHost: x\r\nContent-Length: " + bytes + "\r\n\r\n");
      send(socket, " ".repeat(bytes - 1));
      sockets.add(socket);
      long taken = bytes == 1 << 20 ? 1 << 20 : 3 << 19;
      Await.until(
          taken + " bytes are taken",
          () -> metric("lamella_extender_body_bytes " + (double) taken));
    }

    HttpResponse<String> third = service.post(client, "/filter", " ".repeat(900_000));

    assertThat(third.statusCode()).isEqualTo(503);
    assertThat(third.body()).isEqualTo("too many large requests at once (limits.maxBodiesMiB)\n");
    for (Socket socket : sockets) {
      socket.close();
    }
    assertNothingIsKept();
    assertThat(service.post(client, "/filter", " ".repeat(100_000)).statusCode()).isEqualTo(400);
  }

  @Test
  void connectionsThatSayNothingMakeRoom() throws Exception {
    start(10, 10);
    List<Socket> idle = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      idle.add(new Socket("127.0.0.1", service.server.uri().getPort()));
    }

    assertThat(service.get(client, "/healthz").statusCode()).isEqualTo(200);
    Await.until("20 are left", () -> metric("lamella_extender_connections 20.0"));
    for (Socket socket : idle) {
      socket.close();
    }
  }

  @Test
  void whoeverDoesNotReadTheAnswerHoldsUpNobodyForLong() throws Exception {
    Limits limits = new Limits(null, null, null, null, 1, null, 3, 5, null, null, 0);
    service = new TestService(dir, TestService.config(limits), slow);
    String node = "{\"metadata\":{\"name\":\"a\"},\"x\":\"" + "y".repeat(100_000) + "\"}";
    String nodes = String.join(",", Collections.nCopies(200, node));
    byte[] body =
        ("{\"Pod\":"
                + "{\"metadata\":{\"name\":\"p\",\"namespace\":\"t\",\"uid\":\"u\"},\"spec\":{}}"
                + ",\"Nodes\":{\"items\":["
                + nodes
                + "]}}")
            .getBytes(StandardCharsets.UTF_8);
    try (Socket socket = new Socket("127.0.0.1", service.server.uri().getPort())) {
      send(socket, "POST /filter HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length);
      send(socket, "\r\n\r\n");
      socket.getOutputStream().write(body);
      Await.until("it is answered", () -> metric("lamella_extender_requests_running 1.0"));

      Await.until("the worker is free", () -> metric("lamella_extender_requests_running 0.0"));

      assertThat(service.post(client, "/filter", "{}").body())
          .isEqualTo("/filter: Pod is needed\n");
    }
    assertNothingIsKept();
  }

  @Test
  void jsonThatIsTooDeepOrLongIs400() throws Exception {
    start(10, 10);

    assertThat(service.post(client, "/filter", "[".repeat(5000)).statusCode()).isEqualTo(400);
    assertThat(service.post(client, "/filter", "{\"x\":" + "[".repeat(5000)).body())
        .contains("nesting depth");
    assertThat(service.post(client, "/bind", "{\"Node\":\"" + "n".repeat(70 << 10) + "\"}").body())
        .contains("maximum allowed (65536");
    assertThat(
            service
                .post(
                    client,
                    "/preempt",
                    "{\"NodeNameToMetaVictims\":{\"a\":{\"NumPDBViolations\":"
                        + "9".repeat(5000)
                        + "}}}")
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void wrongMethodsAndTypesAreNamed() throws Exception {
    start(10, 10);

    HttpResponse<String> get = service.get(client, "/bind");
    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("Allow")).contains("POST");
    for (String header : List.of("Content-Type:text/plain", "Content-Encoding:gzip")) {
      String[] parts = header.split(":");
      HttpResponse<String> answer =
          TestService.send(
              client,
              HttpRequest.newBuilder(service.uri("/filter"))
                  .header(parts[0], parts[1])
                  .POST(HttpRequest.BodyPublishers.ofString("{}")));
      assertThat(answer.statusCode()).isEqualTo(415);
    }
    HttpResponse<String> json =
        TestService.send(
            client,
            HttpRequest.newBuilder(service.uri("/filter"))
                .header("Content-Type", "Application/JSON; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
    assertThat(json.body()).isEqualTo("/filter: Pod is needed\n");
    assertThat(service.get(client, "/metrics").body())
        .contains("lamella_extender_refused_requests_total{status=\"415\",} 2.0");
  }

  private void assertNothingIsKept() {
    Await.until("all memory is given back", () -> metric("lamella_extender_body_bytes 0.0"));
  }

  private boolean metric(String line) {
    // The server's own registry, since /metrics would wait for its turn.
    return service.metrics().contains(line + "\n");
  }

  private CompletableFuture<HttpResponse<String>> ask(String path) {
    return client.sendAsync(
        HttpRequest.newBuilder(service.uri(path)).GET().build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }
}
