package dev.lamella.core.ledger;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Nodes by name. Immutable; one with a few nodes changed shares the names with its predecessor, so
 * that a snapshot of 5,000 nodes costs a copy of an array.
 */
final class NodeTable {

  static final NodeTable EMPTY = new NodeTable(Map.of(), new NodeState[0]);

  private final Map<String, Integer> index;
  private final NodeState[] nodes;

  private NodeTable(Map<String, Integer> index, NodeState[] nodes) {
    this.index = index;
    this.nodes = nodes;
  }

  static NodeTable of(SortedMap<String, NodeState> states) {
    Map<String, Integer> index = new HashMap<>();
    states.keySet().forEach(name -> index.put(name, index.size()));
    return new NodeTable(index, states.values().toArray(new NodeState[0]));
  }

  /** The same nodes, some of them in a newer state. */
  NodeTable with(Map<String, NodeState> newer) {
    NodeState[] copy = nodes.clone();
    newer.forEach((name, state) -> copy[index.get(name)] = state);
    return new NodeTable(index, copy);
  }

  /** Null if there is none of that name. */
  NodeState get(String name) {
    Integer at = index.get(name);
    return at == null ? null : nodes[at];
  }

  /** By name. */
  List<NodeState> all() {
    return Collections.unmodifiableList(Arrays.asList(nodes));
  }
}
