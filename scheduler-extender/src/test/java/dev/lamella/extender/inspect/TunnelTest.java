package dev.lamella.extender.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The extender is found and reached through the API server. */
class TunnelTest {

  private static final String POD =
      """
      {"metadata":{"namespace":"gpus","name":"lamella-scheduler-extender-7d9f6c5b8-%s",
       "labels":{"lamella.dev/leader":"%s"}},"status":{"phase":"Running"},
       "spec":{"containers":[{"ports":[{"name":"http","containerPort":8888}]}]}}
      """;

  @TempDir private Path folder;
  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private HttpServer extender;

  @BeforeEach
  void start() throws IOException {
    extender = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    extender.createContext(
        "/",
        exchange -> {
          asked.add(
              "%s %s %s"
                  .formatted(
                      exchange.getRequestURI(),
                      exchange.getRequestHeaders().getFirst("Authorization"),
                      exchange.getRequestHeaders().getFirst("Host").replaceAll(":.*", "")));
          byte[] body = ("it waits\n" + "x".repeat(5_000) + "\n").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    extender.start();
  }

  @AfterEach
  void stop() {
    extender.stop(0);
  }

  private record Run(int code, String out, String err) {}

  private Run why(ForwardingApi api) throws IOException {
    Path kubeconfig =
        Files.writeString(
            folder.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
            users: [{name: u, user: {token: secret}}]
            contexts: [{name: x, context: {cluster: c, user: u, namespace: team}}]
            current-context: x
            """
                .formatted(api.port()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("KUBECONFIG", kubeconfig.toString()));
    int code = Inspect.run(terminal, "why", "p", "--all");
    return new Run(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static String list(String... pods) {
    return "{\"items\":[" + String.join(",", pods) + "]}";
  }

  @Test
  void theLeaderIsAskedWithTheUsersToken() throws IOException {
    String pods = list(POD.formatted("aaaaa", "false"), POD.formatted("bbbbb", "true"));
    try (ForwardingApi api = new ForwardingApi(pods, extender.getAddress().getPort())) {
      Run run = why(api);

      assertThat(run.err()).isEmpty();
      assertThat(run.code()).isZero();
      assertThat(run.out()).isEqualTo("it waits\n" + "x".repeat(5_000) + "\n");
      assertThat(asked.poll())
          .isEqualTo("/explain/team/p?all Bearer secret lamella-scheduler-extender.gpus.svc");
      assertThat(api.requests())
          .anySatisfy(
              r ->
                  assertThat(r)
                      .contains(
                          "/namespaces/gpus/pods/lamella-scheduler-extender-7d9f6c5b8-bbbbb/portforward"));
    }
  }

  @Test
  void withoutARunningExtenderThatIsSaid() throws IOException {
    try (ForwardingApi api = new ForwardingApi(list(), extender.getAddress().getPort())) {
      Run run = why(api);

      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err())
          .contains("no running pod has the labels app.kubernetes.io/name=lamella")
          .contains("name it by --extender");
    }
  }
}
