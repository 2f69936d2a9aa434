package dev.lamella.extender.wire;

import dev.lamella.extender.kube.PodJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What filter and prioritize are asked: a pod, and either node names or whole nodes.
 *
 * @param names the nodes asked about
 * @param nodes the nodes as they came, if whole nodes were sent; then those are answered
 */
public record ExtenderArgs(PodJson pod, List<String> names, Optional<NodeList> nodes) {

  /** Nodes of one request. Clusters of more than a tenth of it are not known. */
  static final int MOST_NODES = 200_000;

  /** Of an object's name, by Kubernetes' rules. */
  static final int LONGEST_NAME = 253;

  /** The fields as they are met. */
  private static final class Met {
    private PodJson pod;
    private List<String> names;
    private NodeList nodes;
  }

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException naming what is missing or wrong
   * @throws com.fasterxml.jackson.core.JsonProcessingException if it is no JSON
   */
  public static ExtenderArgs read(WireJson json, Body body) throws IOException {
    Met met = new Met();
    Fields.read(json, body, fields -> name -> take(name, fields, body, met));
    if (met.pod == null) {
      throw new IllegalArgumentException("Pod is needed");
    }
    if (met.names != null) {
      return new ExtenderArgs(met.pod, met.names, Optional.empty());
    }
    if (met.nodes == null) {
      throw new IllegalArgumentException("NodeNames or Nodes.items is needed");
    }
    return new ExtenderArgs(met.pod, met.nodes.names(), Optional.of(met.nodes));
  }

  private static void take(String name, Fields fields, Body body, Met met) throws IOException {
    if (name.equalsIgnoreCase("Pod")) {
      met.pod = fields.pod("Pod");
    } else if (name.equalsIgnoreCase("NodeNames")) {
      met.names = fields.isNull() ? null : names(fields);
    } else if (name.equalsIgnoreCase("Nodes")) {
      met.nodes = fields.isNull() ? null : NodeList.read(body, fields);
    } else {
      fields.skip();
    }
  }

  private static List<String> names(Fields fields) throws IOException {
    List<String> names = new ArrayList<>();
    fields.eachOf(
        "NodeNames",
        index -> {
          checkCount(index);
          names.add(fields.string(() -> "NodeNames[" + index + "]", LONGEST_NAME));
        });
    return names;
  }

  static void checkCount(int index) {
    if (index >= MOST_NODES) {
      throw new IllegalArgumentException("there are more than " + MOST_NODES + " nodes");
    }
  }
}
