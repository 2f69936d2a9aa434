package dev.lamella.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One write of the API server's audit log.
 *
 * @param agent the client that wrote it, as it calls itself
 * @param what resource and subresource, such as {@code pods/binding}
 */
record Audit(
    String user, String agent, String verb, String what, String namespace, String name, int code) {

  /** What tests call themselves where they use one of our programs' rights. */
  static final String TESTS = "lamella-e2e";

  /** Everything that was written so far. A line that is being written is left out. */
  static List<Audit> read(Path log) throws IOException {
    JsonMapper mapper = new JsonMapper();
    String text = Files.readString(log);
    List<Audit> all = new ArrayList<>();
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      JsonNode event = mapper.readTree(line);
      JsonNode object = event.path("objectRef");
      String below = object.path("subresource").asText();
      all.add(
          new Audit(
              event.at("/user/username").asText(),
              event.path("userAgent").asText(),
              event.path("verb").asText(),
              object.path("resource").asText() + (below.isEmpty() ? "" : "/" + below),
              object.path("namespace").asText(),
              object.path("name").asText(),
              event.at("/responseStatus/code").asInt()));
    }
    return all;
  }

  /** Whether a test wrote it, in another's name. */
  boolean forged() {
    return agent.equals(TESTS)
        || agent.startsWith("Java-http-client")
        || agent.startsWith("kubectl");
  }

  /** In short, without the object's name. */
  String action() {
    return verb + " " + what;
  }
}
