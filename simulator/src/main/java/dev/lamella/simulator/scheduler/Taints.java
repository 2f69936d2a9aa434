package dev.lamella.simulator.scheduler;

import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1Taint;
import io.kubernetes.client.openapi.models.V1Toleration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Which taint, if any, keeps a pod off a node. */
final class Taints {

  private static final String NO_SCHEDULE = "NoSchedule";

  private Taints() {}

  /** The first taint of effect NoSchedule or NoExecute that the pod does not tolerate. */
  static Optional<V1Taint> untolerated(V1Pod pod, V1Node node) {
    return of(node).stream()
        .filter(t -> !"PreferNoSchedule".equals(t.getEffect()))
        .filter(t -> !tolerated(pod, t))
        .findFirst();
  }

  /** The taint that stands for a cordoned node. */
  static boolean toleratesCordon(V1Pod pod) {
    return tolerated(
        pod, new V1Taint().key("node.kubernetes.io/unschedulable").effect(NO_SCHEDULE));
  }

  /** A node's taints; one that is not Ready has the taint that its controller would set. */
  private static List<V1Taint> of(V1Node node) {
    List<V1Taint> taints = new ArrayList<>();
    if (!ready(node)) {
      taints.add(new V1Taint().key("node.kubernetes.io/not-ready").effect(NO_SCHEDULE));
    }
    if (node.getSpec() != null && node.getSpec().getTaints() != null) {
      taints.addAll(node.getSpec().getTaints());
    }
    return taints;
  }

  private static boolean ready(V1Node node) {
    return node.getStatus() != null
        && node.getStatus().getConditions() != null
        && node.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
  }

  private static boolean tolerated(V1Pod pod, V1Taint taint) {
    List<V1Toleration> tolerations = pod.getSpec().getTolerations();
    return tolerations != null && tolerations.stream().anyMatch(t -> tolerates(t, taint));
  }

  private static boolean tolerates(V1Toleration toleration, V1Taint taint) {
    if (!blank(toleration.getEffect()) && !toleration.getEffect().equals(taint.getEffect())) {
      return false;
    }
    if (!blank(toleration.getKey()) && !toleration.getKey().equals(taint.getKey())) {
      return false;
    }
    if ("Exists".equals(toleration.getOperator())) {
      return true;
    }
    return !blank(toleration.getKey())
        && Objects.equals(text(toleration.getValue()), text(taint.getValue()));
  }

  private static boolean blank(String text) {
    return text == null || text.isEmpty();
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }

  /** As kube-scheduler words it. */
  static String reason(V1Taint taint) {
    return "node(s) had untolerated taint {" + taint.getKey() + ": " + text(taint.getValue()) + "}";
  }
}
