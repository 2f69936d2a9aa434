package dev.lamella.e2e;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes pods. Their containers run until they are stopped, init containers end at once. */
final class PodOf {

  static final String WHOLE = "nvidia.com/mig-1g.5gb";
  static final String SHARE = "nvidia.com/mig-1g.5gb.shared";

  private final ObjectNode pod = new JsonMapper().createObjectNode();
  private final ObjectNode spec;

  private PodOf(String name) {
    pod.put("apiVersion", "v1").put("kind", "Pod");
    pod.putObject("metadata").put("name", name).putObject("annotations");
    spec = pod.putObject("spec").put("automountServiceAccountToken", false);
    spec.put("terminationGracePeriodSeconds", 5);
  }

  /** A pod without containers yet. */
  static PodOf named(String name) {
    return new PodOf(name);
  }

  /** A pod with one container that asks for some devices. */
  static PodOf asking(String name, String resource, int count) {
    return new PodOf(name).container("main", resource, count);
  }

  String name() {
    return pod.at("/metadata/name").asText();
  }

  ObjectNode json() {
    return pod;
  }

  /** Left to the scheduler, which has one node to choose from. */
  PodOf on(String node) {
    spec.putObject("nodeSelector").put("kubernetes.io/hostname", node);
    return this;
  }

  /** Bound from the start, past every scheduler. */
  PodOf boundTo(String node) {
    spec.put("nodeName", node);
    return this;
  }

  /** For a scheduler that does not exist: it waits for whoever binds it. */
  PodOf leftAlone() {
    spec.put("schedulerName", "nobody");
    return this;
  }

  /** Ends by itself: every container so far sleeps that long, and is not started again. */
  PodOf ending(double seconds) {
    spec.put("restartPolicy", "Never");
    spec.path("containers")
        .forEach(
            c -> ((ObjectNode) c).putArray("command").add("sleep").add(Double.toString(seconds)));
    return this;
  }

  PodOf labelled(String key, String value) {
    ((ObjectNode) pod.path("metadata")).withObject("labels").put(key, value);
    return this;
  }

  PodOf annotated(String key, String value) {
    ((ObjectNode) pod.at("/metadata/annotations")).put(key, value);
    return this;
  }

  PodOf container(String name, String resource, int count) {
    add("containers", name, resource, count);
    return this;
  }

  /** A container that asks for nothing. */
  PodOf plain(String name) {
    spec.withArray("containers").addObject().put("name", name).put("image", "none");
    return this;
  }

  PodOf init(String name, String resource, int count) {
    add("initContainers", name, resource, count).putArray("command").add("true");
    return this;
  }

  PodOf sidecar(String name, String resource, int count) {
    add("initContainers", name, resource, count).put("restartPolicy", "Always");
    return this;
  }

  private ObjectNode add(String list, String name, String resource, int count) {
    ObjectNode container = spec.withArray(list).addObject().put("name", name).put("image", "none");
    container.putObject("resources").putObject("limits").put(resource, Integer.toString(count));
    return container;
  }
}
