package dev.lamella.simulator.trace.tenants;

import dev.lamella.core.amount.Cap;
import dev.lamella.core.amount.Quantity;
import dev.lamella.core.tenancy.NamespaceClaim;
import dev.lamella.core.tenancy.Quota;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.TenantClass;
import dev.lamella.core.tenancy.WholeSlices;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Who shares what for how long.
 *
 * @param boards the boards of one node of each kind, each board as its slices; nodes take turns
 * @param nodes how many
 * @param ownNodes how many of them each tenant has when nothing is shared, in the tenants' order
 * @param warmUp milliseconds before anything is counted
 * @param arrivals milliseconds during which pods come; the run ends when the last one has gone
 */
record Scene(
    List<List<String>> boards,
    int nodes,
    List<Tenant> tenants,
    List<Integer> ownNodes,
    List<Workload> workloads,
    Timing timing,
    long warmUp,
    long arrivals) {

  private static final long MINUTE = 60_000;

  Scene {
    boards = List.copyOf(boards);
    tenants = List.copyOf(tenants);
    ownNodes = List.copyOf(ownNodes);
    workloads = List.copyOf(workloads);
  }

  /**
   * Eight nodes with two A100 boards each, 112 compute slices, asked for 1.25 times as much. Alpha
   * is latency-critical and uses a little less than its guarantee on average, at times more. Beta
   * wants shares and was promised few, gamma wants whole slices and shares and was promised none;
   * both are limited.
   *
   * <p>What is promised is covered, profile by profile: alpha's caps and one slice for each share
   * of beta's guarantee stay within the slices there are. Without that no reclaim could help, since
   * slices of one profile do not turn into another here.
   */
  static Scene overload(int hours) {
    return new Scene(
        List.of(
            List.of(ones(7), "2g.10gb@0 2g.10gb@2 3g.20gb@4"),
            List.of(ones(7), ones(4) + " 3g.20gb@4")),
        8,
        List.of(
            tenant("alpha", TenantClass.LATENCY_CRITICAL, 1000, "42", null, ALPHA_CAPS),
            tenant("beta", TenantClass.BEST_EFFORT, 100, "4", "24", Map.of()),
            tenant("gamma", TenantClass.BEST_EFFORT, 0, null, "64", Map.of())),
        List.of(4, 1, 3),
        List.of(
            new Workload("alpha", 40, 10 * MINUTE, WHOLES),
            new Workload("beta", 20, 5 * MINUTE, SHARES),
            new Workload("gamma", 50, 10 * MINUTE, WHOLES),
            new Workload("gamma", 30, 5 * MINUTE, SHARES)),
        Timing.USUAL,
        20 * MINUTE,
        hours * 60 * MINUTE);
  }

  private static final Map<String, Integer> ALPHA_CAPS =
      Map.of("1g.5gb", 32, "2g.10gb", 7, "3g.20gb", 7);

  private static final List<Workload.Kind> WHOLES =
      List.of(
          Workload.Kind.whole(6, "1g.5gb", 1),
          Workload.Kind.whole(2, "2g.10gb", 2),
          Workload.Kind.whole(2, "3g.20gb", 3));

  private static final List<Workload.Kind> SHARES =
      List.of(
          Workload.Kind.shares(3, "1g.5gb", 1, 0.25),
          Workload.Kind.shares(2, "1g.5gb", 2, 0.5),
          Workload.Kind.shares(1, "1g.5gb", 3, 0.75));

  private static String ones(int count) {
    List<String> slices = new ArrayList<>();
    for (int start = 0; start < count; start++) {
      slices.add("1g.5gb@" + start);
    }
    return String.join(" ", slices);
  }

  private static Tenant tenant(
      String name,
      TenantClass tenantClass,
      int priority,
      String guaranteed,
      String limit,
      Map<String, Integer> caps) {
    return new Tenant(
        name,
        NamespaceClaim.byName(name),
        tenantClass,
        priority,
        Tenant.DEFAULT_COHORT,
        WholeSlices.BORROW,
        new Quota(
            Optional.ofNullable(guaranteed).map(Scene::compute),
            limit == null ? Cap.UNLIMITED : compute(limit),
            caps));
  }

  private static Cap compute(String slices) {
    return new Cap(OptionalLong.of(Quantity.computeParts(slices)), OptionalLong.empty());
  }

  /** The nodes that a tenant may use when nothing is shared. */
  List<String> ownNodes(String tenant) {
    int from = 0;
    for (int i = 0; i < tenants.size(); i++) {
      if (tenants.get(i).name().equals(tenant)) {
        return nodeNames().subList(from, from + ownNodes.get(i));
      }
      from += ownNodes.get(i);
    }
    throw new IllegalArgumentException("no tenant " + tenant);
  }

  List<String> nodeNames() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      names.add("node-" + i);
    }
    return names;
  }

  /** The boards of a node, each as its slices. */
  List<String> boardsOf(int node) {
    return boards.get(node % boards.size());
  }
}
