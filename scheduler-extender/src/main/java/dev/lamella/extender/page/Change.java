package dev.lamella.extender.page;

import dev.lamella.core.explain.ClusterState.Node;
import dev.lamella.core.explain.ClusterState.TenantState;
import dev.lamella.core.explain.ClusterState.WaitingPod;
import java.util.List;
import java.util.Map;

/**
 * What one event says. Its fields are those of {@code /state}.
 *
 * @param version of this shape
 * @param whole whether it is to replace everything known before
 * @param more whether the next event belongs to it
 * @param nodes those that came or changed
 * @param gone names of nodes that went
 * @param tenants those that came or changed
 * @param tenantsGone names of tenants that went
 * @param waiting all pods that wait; null if nothing changed about them
 * @param waitingUnseen null if nothing changed about them
 */
record Change(
    int version,
    boolean whole,
    boolean more,
    int nodesTotal,
    List<Node> nodes,
    List<String> gone,
    List<TenantState> tenants,
    List<String> tenantsGone,
    List<WaitingPod> waiting,
    Map<String, Integer> waitingUnseen) {

  static final int VERSION = 1;
}
