package dev.lamella.simulator.scheduler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** An extender over HTTP whose answers are set by the test, and which keeps what it was sent. */
final class ScriptedExtender implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A call as it came over the wire. */
  record Call(String verb, JsonNode body, String contentLength) {}

  final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Map<String, Function<JsonNode, String>> answers = new ConcurrentHashMap<>();
  private final HttpServer server;

  ScriptedExtender() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
    answer("filter", body -> "{\"nodenames\":" + body.get("NodeNames") + "}");
    answer("prioritize", body -> "[]");
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Sets what a verb is answered; a status of its own may stand before the text: "500 why". */
  void answer(String verb, Function<JsonNode, String> answer) {
    answers.put(verb, answer);
  }

  List<Call> calls(String verb) {
    return calls.stream().filter(c -> c.verb().equals(verb)).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String verb = exchange.getRequestURI().getPath().substring(1);
    JsonNode body = JSON.readTree(exchange.getRequestBody());
    calls.add(new Call(verb, body, exchange.getRequestHeaders().getFirst("Content-Length")));
    String answer = answers.get(verb).apply(body);
    int status = answer.matches("(?s)\\d{3} .*") ? Integer.parseInt(answer.substring(0, 3)) : 200;
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
