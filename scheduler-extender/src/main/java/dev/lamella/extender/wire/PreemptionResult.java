package dev.lamella.extender.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What preempt answers: the nodes that are left, always with UIDs.
 *
 * @param byNode no value is null: kube-scheduler looks into each
 */
public record PreemptionResult(
    @JsonProperty("NodeNameToMetaVictims") SortedMap<String, MetaVictims> byNode) {

  /** Pods of one node that go. */
  public record MetaVictims(
      @JsonProperty("Pods") List<MetaPod> pods,
      @JsonProperty("NumPDBViolations") long budgetViolations) {}

  /** A pod that goes. */
  public record MetaPod(@JsonProperty("UID") String uid) {}

  /** The answer that leaves these nodes. */
  public static PreemptionResult of(SortedMap<String, Victims> left) {
    SortedMap<String, MetaVictims> byNode = new TreeMap<>();
    left.forEach(
        (node, victims) ->
            byNode.put(
                node,
                new MetaVictims(
                    victims.uids().stream().map(MetaPod::new).toList(),
                    victims.budgetViolations())));
    return new PreemptionResult(byNode);
  }
}
