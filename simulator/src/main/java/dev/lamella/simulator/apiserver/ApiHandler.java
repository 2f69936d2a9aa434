package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP in, HTTP out: finds what a path names, and has it carried out on the calling thread. */
final class ApiHandler extends Handler.Abstract {

  private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);
  private static final String JSON = "application/json";

  private final Rest rest;
  private final Watches watches;
  private final Faults faults;

  ApiHandler(Rest rest, Watches watches, Faults faults) {
    this.rest = rest;
    this.watches = watches;
    this.faults = faults;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    try {
      Faults.Call call = call(request);
      serve(request, response, callback, call);
    } catch (StatusException e) {
      send(response, callback, e.code(), e.body());
    } catch (IOException e) {
      callback.failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      callback.failed(e);
    } catch (RuntimeException e) {
      LOG.error("{} {}", request.getMethod(), request.getHttpURI(), e);
      StatusException internal = new StatusException(500, "InternalError", e.toString());
      send(response, callback, internal.code(), internal.body());
    }
    return true;
  }

  private void serve(Request request, Response response, Callback callback, Faults.Call call)
      throws IOException, InterruptedException {
    if (struck(faults.before(call), request, response, callback)) {
      return;
    }
    List<String> segments =
        Arrays.stream(call.path().substring(1).split("/"))
            .map(s -> URLDecoder.decode(s.replace("+", "%2B"), StandardCharsets.UTF_8))
            .toList();
    if (List.of("healthz", "readyz", "livez").contains(segments.get(0))) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
      response.write(true, ByteBuffer.wrap("ok".getBytes(StandardCharsets.UTF_8)), callback);
      return;
    }
    Optional<ObjectNode> discovery = Discovery.answer(segments);
    if (discovery.isPresent()) {
      send(response, callback, 200, discovery.get());
      return;
    }
    boolean api = segments.get(0).equals("api") || segments.get(0).equals("apis");
    Target target =
        Optional.of(segments).filter(s -> api).flatMap(Target::parse).orElseThrow(Rest::noSuch);
    serve(request, response, callback, call, target);
  }

  private void serve(
      Request request, Response response, Callback callback, Faults.Call call, Target target)
      throws IOException, InterruptedException {
    Fields fields = Request.extractQueryParameters(request);
    Query query = new Query(fields::getValue);
    View view = View.accepted(request.getHeaders().get(HttpHeader.ACCEPT));
    if (call.method().equals("GET") && query.flag("watch") && target.subresource().isEmpty()) {
      watch(response, call, target, query, view);
      callback.succeeded();
      return;
    }
    Rest.Body body = () -> body(request);
    String type = contentType(request);
    Answer answer = rest.serve(new Rest.Call(call.method(), target, query, view, type, body));
    if (!struck(faults.after(call), request, response, callback)) {
      send(response, callback, answer.code(), answer.body());
    }
  }

  private void watch(Response response, Faults.Call call, Target target, Query query, View view)
      throws IOException, InterruptedException {
    response.setStatus(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      out.flush();
      watches.watch(
          target,
          query,
          view,
          new Watches.Trouble(faults.watchLag(call), () -> faults.watch(call)),
          event -> {
            out.write((event + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
          });
    }
  }

  private static Faults.Call call(Request request) {
    String query = request.getHttpURI().getQuery();
    String agent = request.getHeaders().get(HttpHeader.USER_AGENT);
    return new Faults.Call(
        request.getMethod(),
        request.getHttpURI().getPath(),
        query == null ? "" : query,
        agent == null ? "" : agent);
  }

  /** Lets a fault happen; answers whether the request ends with it. */
  private static boolean struck(Fault fault, Request request, Response response, Callback callback)
      throws InterruptedException {
    Thread.sleep(fault.delay().toMillis());
    if (fault.status() == Fault.HANG_UP) {
      request.getConnectionMetaData().getConnection().getEndPoint().close();
      callback.failed(new IOException("the connection was closed by a fault"));
      return true;
    }
    if (fault.retryAfterSeconds() > 0) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, fault.retryAfterSeconds());
    }
    if (fault.status() != 0) {
      StatusException failed = new StatusException(fault.status(), "Fault", "failed by a fault");
      send(response, callback, failed.code(), failed.body());
      return true;
    }
    return false;
  }

  private static JsonNode body(Request request) throws IOException {
    try (InputStream in = Request.asInputStream(request)) {
      return Bodies.read(in);
    }
  }

  private static String contentType(Request request) {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    return type == null ? "" : type.split(";")[0].trim().toLowerCase(Locale.ROOT);
  }

  private static void send(Response response, Callback callback, int code, JsonNode body) {
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    response.setStatus(code);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, JSON);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
    response.write(true, ByteBuffer.wrap(bytes), callback);
  }
}
