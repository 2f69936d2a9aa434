package dev.lamella.core.explain;

import java.util.List;

/**
 * Nodes of which the same is to be said.
 *
 * @param rule the rule that rules them out; null if the pod fits on them
 * @param reason in a sentence; null if the pod fits on them
 * @param nodes how many
 * @param offered how many of them kube-scheduler offered; null if it has not asked
 * @param shown the first of them: offered ones first, then by name
 */
public record NodeGroup(
    String rule, String reason, int nodes, Integer offered, List<NodeAccount> shown) {

  /** Whether the pod fits on them. */
  public boolean fits() {
    return rule == null;
  }
}
