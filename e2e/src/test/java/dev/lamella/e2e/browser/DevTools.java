package dev.lamella.e2e.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

/** Commands to a page of the browser, and its events. One command at a time. */
final class DevTools implements WebSocket.Listener, AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final long PATIENCE_SECONDS = 60;

  private final Map<Integer, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();
  private final BiConsumer<String, JsonNode> events;
  private final StringBuilder text = new StringBuilder();
  private final WebSocket socket;
  private int last;

  /**
   * @param events told of each, by name and with its parameters, by a thread of the client's
   */
  DevTools(URI page, BiConsumer<String, JsonNode> events) throws IOException, InterruptedException {
    this.events = events;
    try {
      socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(page, this)
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("no DevTools at " + page + ": " + e, e);
    }
  }

  /**
   * Sends a command and waits for its result.
   *
   * @param parameters names and values in turn
   * @throws IllegalStateException if the browser refuses it
   */
  JsonNode send(String method, Object... parameters) throws IOException, InterruptedException {
    ObjectNode command = JSON.createObjectNode().put("id", ++last).put("method", method);
    ObjectNode values = command.putObject("params");
    for (int i = 0; i < parameters.length; i += 2) {
      values.set((String) parameters[i], JSON.valueToTree(parameters[i + 1]));
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    open.put(last, answer);
    socket.sendText(command.toString(), true);
    try {
      JsonNode found = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (found.has("error")) {
        throw new IllegalStateException(method + ": " + found.path("error").path("message"));
      }
      return found.path("result");
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("no answer to " + method + ": " + e, e);
    }
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence piece, boolean whole) {
    text.append(piece);
    if (whole) {
      take(text.toString());
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  private void take(String message) {
    try {
      JsonNode read = JSON.readTree(message);
      if (read.has("id")) {
        open.remove(read.path("id").asInt()).complete(read);
      } else {
        events.accept(read.path("method").asText(), read.path("params"));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    socket.abort();
  }
}
