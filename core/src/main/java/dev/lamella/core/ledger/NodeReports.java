package dev.lamella.core.ledger;

import java.util.HashMap;
import java.util.Map;

/** The newest report of each node's daemon, each read once. */
final class NodeReports {

  private final Versioned<GpuNodeFact> facts = new Versioned<>();
  private final Map<String, NodeReport> read = new HashMap<>();

  /** Whether this is news. */
  boolean put(GpuNodeFact fact) {
    return facts.put(fact.name(), fact.version(), fact);
  }

  /** Whether this is news. */
  boolean remove(String name, long version) {
    return facts.remove(name, version);
  }

  /** What a node's daemon reports; {@link NodeReport#NONE} if it has not. */
  NodeReport of(String name) {
    GpuNodeFact fact = facts.get(name).orElse(null);
    NodeReport known = read.getOrDefault(name, NodeReport.NONE);
    if (known.isOf(fact)) {
      return known;
    }
    NodeReport now = NodeReport.of(fact);
    if (fact == null) {
      read.remove(name);
    } else {
      read.put(name, now);
    }
    return now;
  }
}
