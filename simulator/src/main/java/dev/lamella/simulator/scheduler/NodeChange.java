package dev.lamella.simulator.scheduler;

import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1NodeCondition;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Whether a change of a node is one for which kube-scheduler tries rejected pods again. */
final class NodeChange {

  private NodeChange() {}

  static boolean matters(V1Node before, V1Node after) {
    return !Objects.equals(before.getMetadata().getLabels(), after.getMetadata().getLabels())
        || !Objects.equals(
            before.getMetadata().getAnnotations(), after.getMetadata().getAnnotations())
        || !Objects.equals(before.getSpec(), after.getSpec())
        || !Objects.equals(allocatable(before), allocatable(after))
        || !conditions(before).equals(conditions(after));
  }

  private static Object allocatable(V1Node node) {
    return node.getStatus() == null ? null : node.getStatus().getAllocatable();
  }

  /** Without times: a heartbeat is no change. */
  private static Map<String, String> conditions(V1Node node) {
    Map<String, String> conditions = new TreeMap<>();
    List<V1NodeCondition> list = node.getStatus() == null ? null : node.getStatus().getConditions();
    if (list != null) {
      list.forEach(c -> conditions.put(c.getType(), c.getStatus()));
    }
    return conditions;
  }
}
