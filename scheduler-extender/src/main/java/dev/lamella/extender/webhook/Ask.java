package dev.lamella.extender.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One quantity of a managed resource in a pod, where kube-scheduler looks for them: in requests and
 * limits of containers and init containers.
 *
 * @param container the container's name
 * @param path the requests or limits that it stands in
 * @param quantities those requests or limits
 * @param resource what is asked for
 * @param text how much, as it was written
 */
record Ask(String container, String path, JsonNode quantities, ResourceName resource, String text) {

  private static final List<String> LISTS = List.of("initContainers", "containers");
  private static final List<String> KINDS = List.of("limits", "requests");

  /** Every one of a pod, in order. */
  static List<Ask> of(JsonNode pod) {
    List<Ask> all = new ArrayList<>();
    for (String list : LISTS) {
      JsonNode containers = pod.path("spec").path(list);
      for (int i = 0; i < containers.size(); i++) {
        of(containers.get(i), "/spec/" + list + "/" + i, all);
      }
    }
    return all;
  }

  private static void of(JsonNode container, String path, List<Ask> all) {
    for (String kind : KINDS) {
      JsonNode quantities = container.path("resources").path(kind);
      for (Map.Entry<String, JsonNode> field : quantities.properties()) {
        ResourceName.parse(field.getKey())
            .ifPresent(
                resource ->
                    all.add(
                        new Ask(
                            container.path("name").asText(),
                            path + "/resources/" + kind,
                            quantities,
                            resource,
                            field.getValue().asText())));
      }
    }
  }

  /** How much of another resource stands beside it; empty if none. */
  String beside(ResourceName other) {
    return quantities.path(other.text()).asText();
  }
}
