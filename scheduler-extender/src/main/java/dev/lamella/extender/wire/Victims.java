package dev.lamella.extender.wire;

import java.util.List;

/**
 * Pods of one node that would go.
 *
 * @param uids in the order in which they came
 * @param budgetViolations disruption budgets that would be violated, as kube-scheduler counts them
 */
public record Victims(List<String> uids, long budgetViolations) {

  static final Victims NONE = new Victims(List.of(), 0);

  public Victims {
    uids = List.copyOf(uids);
  }
}
