package dev.lamella.extender.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds who answers a path, and turns what goes wrong into a status with its reason. */
final class Routes extends Handler.Abstract {

  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

  private final TreeMap<String, Endpoint> endpoints = new TreeMap<>();

  Routes(List<Endpoint> endpoints) {
    endpoints.forEach(endpoint -> this.endpoints.put(endpoint.path(), endpoint));
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Exchange exchange = new Exchange(request, response, callback);
    String path = Request.getPathInContext(request);
    try {
      at(path).answer(exchange);
    } catch (Exchange.Refused e) {
      exchange.refuse(e);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      exchange.text(400, path + ": " + firstLine(e));
    } catch (IOException | RuntimeException e) {
      LOG.error("{} failed", path, e);
      exchange.text(500, path + ": " + e);
    }
    return true;
  }

  /** The endpoint of just this path, else the one with the longest path above it. */
  private Endpoint at(String path) {
    for (Map.Entry<String, Endpoint> entry = endpoints.floorEntry(path);
        entry != null;
        entry = endpoints.lowerEntry(entry.getKey())) {
      String served = entry.getKey();
      if (served.equals(path) || (served.endsWith("/") && path.startsWith(served))) {
        return entry.getValue();
      }
    }
    return Endpoint.of(path, exchange -> exchange.text(404, path + " is not served here"));
  }

  private static String firstLine(Exception e) {
    Throwable cause = e.getCause() instanceof IllegalArgumentException ? e.getCause() : e;
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse(e.toString());
  }
}
