package dev.lamella.core.ledger;

import dev.lamella.core.tenancy.Tenant;
import java.util.Map;

/**
 * Something seen in the cluster. Every event carries the resourceVersion of what was seen, so that
 * events may come late, twice or in any order.
 */
public sealed interface Event {

  /** A pod exists, as described. */
  record PodSeen(PodFact pod) implements Event {}

  /** A pod was deleted. UIDs are never used again. */
  record PodGone(String uid, long version) implements Event {}

  /** A node exists, as described. */
  record NodeSeen(NodeFact node) implements Event {}

  /** A node was deleted; one of the same name may come. */
  record NodeGone(String name, long version) implements Event {}

  /** A GpuNode exists, as described. */
  record GpuNodeSeen(GpuNodeFact gpuNode) implements Event {}

  /** A GpuNode was deleted; one of the same name may come. */
  record GpuNodeGone(String name, long version) implements Event {}

  /** A tenant exists, as described. */
  record TenantSeen(Tenant tenant, long version) implements Event {}

  /** A tenant was deleted; one of the same name may come. */
  record TenantGone(String name, long version) implements Event {}

  /** A namespace exists with these labels. */
  record NamespaceSeen(String name, Map<String, String> labels, long version) implements Event {
    public NamespaceSeen {
      labels = Map.copyOf(labels);
    }
  }

  /** A namespace was deleted; one of the same name may come. */
  record NamespaceGone(String name, long version) implements Event {}
}
