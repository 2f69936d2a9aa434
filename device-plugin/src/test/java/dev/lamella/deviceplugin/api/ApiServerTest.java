package dev.lamella.deviceplugin.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiServerTest {

  @TempDir Path dir;

  @Test
  void requestsCarryTheTokenOfTheKubeconfig() throws Exception {
    List<String> credentials = new CopyOnWriteArrayList<>();
    HttpServer http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    http.createContext(
        "/",
        exchange -> {
          credentials.add(exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    http.start();
    try (ApiServer server = ApiServer.connect(kubeconfig(http.getAddress().getPort()))) {
      server.send(ApiServer.Call.get("/a", Map.of("x", "y"), "application/json"));
      try (Response response =
          server.stream(ApiServer.Call.get("/b", Map.of(), "application/json")).execute()) {
        assertThat(response.code()).isEqualTo(200);
      }
    } finally {
      http.stop(0);
    }
    assertThat(credentials).containsExactly("Bearer abc", "Bearer abc");
  }

  private Path kubeconfig(int port) throws Exception {
    String text =
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: u, user: {token: abc}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """
            .formatted(port);
    return Files.writeString(dir.resolve("kubeconfig"), text);
  }
}
