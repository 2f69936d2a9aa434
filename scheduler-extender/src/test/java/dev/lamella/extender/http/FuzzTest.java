package dev.lamella.extender.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.extender.Await;
import dev.lamella.extender.config.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recorded requests, spoilt in every way that a seed finds, sent to the real server. */
class FuzzTest {

  private static final int ROUNDS = 600;
  private static final List<String> HOSTILE =
      List.of(
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"a\\nlevel=INFO forged\"",
          "\"../../etc/passwd\"",
          "\"${jndi:ldap://x}\"",
          "\"%s%n%x\"",
          "\"<script>\"",
          "\"\u202e\u2028\"",
          "null",
          "true",
          "-1",
          "1e999",
          "99999999999999999999999999",
          "0.1",
          "[]",
          "{}",
          "[[[[[[[[]]]]]]]]",
          "{\"Pod\":{\"Pod\":{}}}");

  @TempDir Path dir;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private TestService service;

  @BeforeEach
  void start() throws IOException {
    service = new TestService(dir, TestService.config(Limits.DEFAULTS));
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 8, 987_654_321})
  void aSpoiltRequestIsAnsweredWithItsReasonAndNothingIsKept(long seed) throws Exception {
    Random random = new Random(seed);
    List<String> names =
        List.of("filter-names", "filter-nodes", "bind", "preempt-meta", "preempt-whole");
    List<String> paths = List.of("/filter", "/prioritize", "/bind", "/preempt");
    for (int i = 0; i < 50; i++) {
      send(paths, names, random, "warm-up " + i);
    }
    long before = usedHeap();
    for (int i = 0; i < ROUNDS; i++) {
      send(paths, names, random, "seed " + seed + " round " + i);
    }

    assertThat(usedHeap() - before).as("bytes more on the heap").isLessThan(8 << 20);
    Await.until("no body is kept", () -> service.metrics().contains("body_bytes 0.0\n"));
    assertThat(service.post(client, "/filter", recorded("filter-names")).body())
        .as("the service goes on")
        .startsWith("{\"Nodes\":null,\"NodeNames\":[\"a\",\"b\"]");
  }

  private void send(List<String> paths, List<String> names, Random random, String what)
      throws Exception {
    String path = paths.get(random.nextInt(paths.size()));
    byte[] body = spoil(recorded(names.get(random.nextInt(names.size()))), random);
    String text = what + " " + path + " " + new String(body, StandardCharsets.UTF_8);

    HttpResponse<String> answer = service.post(client, path, body);

    assertThat(answer.statusCode()).as(text).isIn(Set.of(200, 400));
    assertThat(answer.body()).as(text).isNotBlank();
    if (answer.statusCode() == 400) {
      assertThat(answer.body()).as(text).startsWith(path + ": ").hasLineCount(1);
    }
  }

  private static byte[] spoil(byte[] request, Random random) {
    byte[] body = request;
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      body =
          switch (random.nextInt(7)) {
            case 0 -> Arrays.copyOf(body, random.nextInt(body.length + 1));
            case 1 -> flipped(body, random);
            case 2 -> replacedValue(body, random);
            case 3 -> twice(body, random);
            case 4 -> nested(body, random);
            case 5 -> replacedText(body, random);
            default -> inserted(body, random);
          };
    }
    return body;
  }

  private static byte[] flipped(byte[] body, Random random) {
    byte[] copy = body.clone();
    for (int i = 0; i < 1 + random.nextInt(4) && copy.length > 0; i++) {
      copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
    }
    return copy;
  }

  /** Something else after one of the colons. */
  private static byte[] replacedValue(byte[] body, Random random) {
    String text = new String(body, StandardCharsets.UTF_8);
    int colon = text.indexOf(':', random.nextInt(text.length() + 1));
    int end = colon < 0 ? -1 : text.indexOf(',', colon);
    if (end < 0) {
      return body;
    }
    String value = HOSTILE.get(random.nextInt(HOSTILE.size()));
    return bytes(text.substring(0, colon + 1) + value + text.substring(end));
  }

  private static byte[] replacedText(byte[] body, Random random) {
    String text = new String(body, StandardCharsets.UTF_8);
    String[] words = {"\"p\"", "\"u1\"", "\"team\"", "\"a\"", "\"1\"", "[", "{", "\"requests\""};
    String value = HOSTILE.get(random.nextInt(HOSTILE.size()));
    return bytes(text.replace(words[random.nextInt(words.length)], value));
  }

  private static byte[] twice(byte[] body, Random random) {
    String text = new String(body, StandardCharsets.UTF_8);
    return text.length() < 3 || random.nextBoolean()
        ? bytes(text + text)
        : bytes("{" + text.substring(1, text.length() - 1) + "," + text.substring(1));
  }

  private static byte[] nested(byte[] body, Random random) {
    String text = new String(body, StandardCharsets.UTF_8);
    String opening = random.nextBoolean() ? "[" : "{\"x\":";
    String deep = opening.repeat(1 + random.nextInt(100_000));
    int at = text.indexOf(':') + 1;
    return bytes(text.substring(0, at) + deep + text.substring(at));
  }

  private static byte[] inserted(byte[] body, Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = random.nextInt(body.length + 1);
    out.write(body, 0, at);
    byte[] noise = new byte[1 + random.nextInt(64)];
    random.nextBytes(noise);
    out.writeBytes(noise);
    out.write(body, at, body.length - at);
    return out.toByteArray();
  }

  @Test
  void fiftyMegabytesAreRefusedWithoutBeingKept() throws Exception {
    byte[] piece = new byte[1 << 20];
    Arrays.fill(piece, (byte) ' ');
    long before = usedHeap();
    // By hand: an HTTP client in this JVM would keep what it sends.
    try (Socket socket = new Socket("127.0.0.1", service.server.uri().getPort())) {
      socket.setSoTimeout(30_000);
      OutputStream out = socket.getOutputStream();
      out.write(bytes("POST /filter HTTP/1.1\r\nHost: x\r\nContent-Length: 52428800\r\n\r\n"));
      for (int i = 0; i < 50; i++) {
        out.write(piece);
      }
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 413 ").contains("limits.maxBodyMiB");
    }

    assertThat(usedHeap() - before).isLessThan(8 << 20);
  }

  @Test
  void aConnectionIsUsedAgainAfterARefusalOfItsBody() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", service.server.uri().getPort())) {
      socket.setSoTimeout(30_000);
      for (String body : List.of("{\"Pod\":", "[]", "{\"Pod\":3}", "")) {
        assertThat(onSocket(socket, body)).startsWith("HTTP/1.1 400 ");
      }
      assertThat(onSocket(socket, new String(recorded("filter-names"), StandardCharsets.UTF_8)))
          .startsWith("HTTP/1.1 200 ");
    }
  }

  private static String onSocket(Socket socket, String body) throws IOException {
    byte[] content = bytes(body);
    OutputStream out = socket.getOutputStream();
    out.write(bytes("POST /filter HTTP/1.1\r\nHost: x\r\nContent-Length: " + content.length));
    out.write(bytes("\r\n\r\n"));
    out.write(content);
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed after " + head);
      }
      head.append((char) next);
    }
    String length = head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1");
    in.readNBytes(Integer.parseInt(length));
    return head.toString();
  }

  private static long usedHeap() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] recorded(String name) throws IOException {
    try (InputStream in = FuzzTest.class.getResourceAsStream("requests/v1.36/" + name + ".json")) {
      return in.readAllBytes();
    }
  }
}
