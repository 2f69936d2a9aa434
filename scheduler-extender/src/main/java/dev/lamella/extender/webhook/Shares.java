package dev.lamella.extender.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lamella.core.api.LamellaApi;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.extender.kube.DeviceCount;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Turns whole slices into shares: n of them into n shares on distinct slices, which is what the
 * container would have had, only shared.
 */
final class Shares {

  private Shares() {}

  /**
   * Writes it into a patch.
   *
   * @return what the pod's owner is told
   * @throws IllegalArgumentException if a quantity is no whole number
   */
  static Set<String> instead(List<Ask> asks, JsonNode pod, JsonPatch patch) {
    Set<String> told = new LinkedHashSet<>();
    Map<ResourceName, Integer> counts = new TreeMap<>();
    for (Ask ask : asks) {
      if (!ask.resource().shared()) {
        ResourceName share = ask.resource().otherMode();
        int count = devices(ask.resource(), ask.text()) + devices(share, ask.beside(share));
        patch.remove(JsonPatch.below(ask.path(), ask.resource().text()));
        patch.add(JsonPatch.below(ask.path(), share.text()), Integer.toString(count));
        // Of limits and requests alike: only whether it is more than one matters.
        counts.merge(share, ask.path().endsWith("limits") ? count : 0, Integer::sum);
        told.add(
            "container %s gets %s in place of %s"
                .formatted(ask.container(), share, ask.resource()));
      }
    }
    counts.values().removeIf(count -> count < 2);
    if (!counts.isEmpty()) {
      apart(counts.keySet(), pod, patch);
    }
    return told;
  }

  private static int devices(ResourceName resource, String text) {
    return text.isEmpty() ? 0 : DeviceCount.parse(resource.text(), text);
  }

  private static void apart(Set<ResourceName> resources, JsonNode pod, JsonPatch patch) {
    JsonNode annotations = pod.path("metadata").path("annotations");
    SortedSet<String> names = new TreeSet<>();
    Arrays.stream(annotations.path(LamellaApi.DISTINCT_SLICES).asText().split(","))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .forEach(names::add);
    resources.forEach(resource -> names.add(resource.text()));
    if (!annotations.isObject()) {
      patch.add("/metadata/annotations", JsonNodeFactory.instance.objectNode());
    }
    patch.add(
        JsonPatch.below("/metadata/annotations", LamellaApi.DISTINCT_SLICES),
        String.join(",", names));
  }
}
