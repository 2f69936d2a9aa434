package dev.lamella.extender.http;

import dev.lamella.extender.access.Access;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds who answers a path. */
final class Routes {

  private final TreeMap<String, Endpoint> endpoints = new TreeMap<>();

  Routes(List<Endpoint> endpoints) {
    endpoints.forEach(endpoint -> this.endpoints.put(endpoint.path(), endpoint));
  }

  /** The endpoint of just this path, else the one with the longest path above it. */
  Endpoint at(String path) {
    for (Map.Entry<String, Endpoint> entry = endpoints.floorEntry(path);
        entry != null;
        entry = endpoints.lowerEntry(entry.getKey())) {
      String served = entry.getKey();
      if (served.equals(path) || (served.endsWith("/") && path.startsWith(served))) {
        return entry.getValue();
      }
    }
    return Endpoint.of(
        path, Access.ANYONE, exchange -> exchange.text(404, path + " is not served here"));
  }
}
