package dev.lamella.simulator.scheduler;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1Pod;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Speaks to an extender as kube-scheduler does: Go's field names with explicit nulls, one
 * kept-alive connection at a time, {@code Content-Length}; replies are read without regard to upper
 * and lower case of field names.
 */
final class ExtenderClient implements AutoCloseable {

  private static final MediaType JSON_TYPE = MediaType.get("application/json");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ExtenderOptions options;
  private final OkHttpClient http;

  /**
   * What filter answered.
   *
   * @param feasible in the order they were offered
   * @param reasons why not, by node; nodes dropped without a word are missing
   */
  record Filtered(List<V1Node> feasible, SortedMap<String, String> reasons) {}

  ExtenderClient(ExtenderOptions options) {
    this.options = options;
    // A bind must not be sent twice; connections are checked before they are used again.
    this.http =
        new OkHttpClient.Builder()
            .callTimeout(options.timeout())
            .connectTimeout(options.timeout())
            .readTimeout(Duration.ZERO)
            .retryOnConnectionFailure(false)
            .build();
  }

  /** Whether the pod asks for one of the extender's resources. */
  boolean interested(V1Pod pod) {
    return Pods.resources(pod).stream().anyMatch(options.manages());
  }

  Filtered filter(V1Pod pod, List<V1Node> nodes) throws ExtenderException {
    JsonNode reply = post("filter", args(pod, nodes));
    String error = field(reply, "Error").asText("");
    if (!error.isEmpty()) {
      throw new ExtenderException(error);
    }
    List<String> named = new ArrayList<>();
    JsonNode nodeNames = field(reply, "NodeNames");
    if (options.nodeCacheCapable() && nodeNames.isArray()) {
      nodeNames.forEach(n -> named.add(n.asText()));
    } else {
      field(field(reply, "Nodes"), "items")
          .forEach(n -> named.add(n.path("metadata").path("name").asText()));
    }
    Map<String, V1Node> offered = byName(nodes);
    for (String name : named) {
      if (!offered.containsKey(name)) {
        throw new ExtenderException(
            "extender %s filtered node \"%s\", which is not found in the input node list"
                .formatted(options.urlPrefix(), name));
      }
    }
    offered.keySet().retainAll(new TreeSet<>(named));
    return new Filtered(List.copyOf(offered.values()), reasons(reply));
  }

  /** Unresolvable reasons win over the others. */
  private static SortedMap<String, String> reasons(JsonNode reply) {
    SortedMap<String, String> reasons = new TreeMap<>();
    for (String kind : List.of("FailedNodes", "FailedAndUnresolvableNodes")) {
      field(reply, kind)
          .properties()
          .forEach(node -> reasons.put(node.getKey(), node.getValue().asText()));
    }
    return reasons;
  }

  /** Scores by node, times weight; hosts that were not offered may be among them. */
  SortedMap<String, Long> prioritize(V1Pod pod, List<V1Node> nodes) throws ExtenderException {
    SortedMap<String, Long> scores = new TreeMap<>();
    for (JsonNode host : post("prioritize", args(pod, nodes))) {
      scores.merge(
          field(host, "Host").asText(),
          field(host, "Score").asLong() * options.weight(),
          Long::sum);
    }
    return scores;
  }

  void bind(V1Pod pod, String node) throws ExtenderException {
    ObjectNode args = MAPPER.createObjectNode();
    args.put("PodName", pod.getMetadata().getName());
    args.put("PodNamespace", pod.getMetadata().getNamespace());
    args.put("PodUID", pod.getMetadata().getUid());
    args.put("Node", node);
    String error = field(post("bind", args), "Error").asText("");
    if (!error.isEmpty()) {
      throw new ExtenderException(error);
    }
  }

  private ObjectNode args(V1Pod pod, List<V1Node> nodes) throws ExtenderException {
    ObjectNode args = MAPPER.createObjectNode();
    args.set("Pod", kubernetes(pod));
    if (options.nodeCacheCapable()) {
      args.putNull("Nodes");
      ArrayNode names = args.putArray("NodeNames");
      nodes.forEach(n -> names.add(n.getMetadata().getName()));
    } else {
      ObjectNode list = args.putObject("Nodes");
      list.putObject("metadata");
      ArrayNode items = list.putArray("items");
      for (V1Node node : nodes) {
        items.add(kubernetes(node));
      }
      args.putNull("NodeNames");
    }
    return args;
  }

  private static JsonNode kubernetes(Object object) throws ExtenderException {
    try {
      return MAPPER.readTree(JSON.serialize(object));
    } catch (JsonProcessingException e) {
      throw new ExtenderException("object cannot be sent", e);
    }
  }

  private JsonNode post(String verb, JsonNode body) throws ExtenderException {
    String url = options.urlPrefix().toString().replaceAll("/$", "") + "/" + verb;
    try {
      Request request =
          new Request.Builder()
              .url(url)
              .post(RequestBody.create(MAPPER.writeValueAsBytes(body), JSON_TYPE))
              .build();
      try (Response response = http.newCall(request).execute()) {
        if (response.code() != 200) {
          throw new ExtenderException(
              "failed %s with extender at URL %s, code %d"
                  .formatted(verb, options.urlPrefix(), response.code()));
        }
        JsonNode reply = MAPPER.readTree(response.body().bytes());
        if (reply.isMissingNode()) {
          throw new ExtenderException("Post \"" + url + "\": EOF");
        }
        return reply;
      }
    } catch (IOException e) {
      throw new ExtenderException("Post \"" + url + "\": " + e.getMessage(), e);
    }
  }

  private static Map<String, V1Node> byName(List<V1Node> nodes) {
    Map<String, V1Node> byName = new LinkedHashMap<>();
    nodes.forEach(n -> byName.put(n.getMetadata().getName(), n));
    return byName;
  }

  private static JsonNode field(JsonNode object, String name) {
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      if (entry.getKey().equalsIgnoreCase(name)) {
        return entry.getValue();
      }
    }
    return MAPPER.missingNode();
  }

  @Override
  public void close() {
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
