package dev.lamella.simulator.trace.tenants;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.PodCharge;
import dev.lamella.core.ledger.SliceHold;
import dev.lamella.core.ledger.SliceState;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.ledger.TenantUsage;
import dev.lamella.core.reclaim.ReclaimDecision;
import dev.lamella.core.reclaim.Victim;
import dev.lamella.core.tenancy.Tenant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What must hold after every event. Each is a method of its name. */
final class Invariants {

  private Invariants() {}

  /**
   * A slice is held whole by one pod, or in no more shares than it has. What is reserved overlaps
   * with those who are leaving for it, but never with another reservation.
   */
  static void oneModeOneHand(Snapshot snapshot) {
    for (NodeState node : snapshot.nodes()) {
      for (SliceState slice : node.slices()) {
        Map<Boolean, List<SliceHold>> byReserved =
            slice.holds().stream()
                .collect(
                    Collectors.partitioningBy(
                        hold -> snapshot.reservation(hold.pod().uid()).isPresent()));
        byReserved.values().forEach(holds -> oneModeOneHand(slice, holds));
      }
      if (!node.contradictions().isEmpty()) {
        throw new InvariantBroken("every assignment is true", node.contradictions());
      }
    }
  }

  private static void oneModeOneHand(SliceState slice, List<SliceHold> holds) {
    boolean whole = holds.stream().anyMatch(SliceHold::whole);
    int shares = holds.stream().mapToInt(SliceHold::shares).sum();
    if (whole ? holds.size() > 1 : shares > slice.sharesTotal()) {
      throw new InvariantBroken("one mode, one hand", slice);
    }
  }

  /** No bind exceeds a limit, of amounts or of profiles: the tenants that are above one. */
  static List<String> aboveTheirLimit(Snapshot snapshot) {
    List<String> above = new ArrayList<>();
    for (TenantUsage usage : snapshot.usages().values()) {
      Tenant tenant = usage.tenant();
      boolean capped =
          tenant.quota().profiles().entrySet().stream()
              .allMatch(cap -> usage.sliceParts(cap.getKey()) <= cap.getValue() * Amount.PARTS);
      if (!capped || !tenant.quota().limit().admits(usage.used())) {
        above.add(tenant.name());
      }
    }
    return above;
  }

  /** A latency-critical pod within its guarantee is not among the victims. */
  static void guaranteedLatencyCriticalNeverEvicted(ReclaimDecision.Plan plan, Snapshot snapshot) {
    for (Victim victim : plan.victims()) {
      boolean guaranteed = snapshot.usage(victim.tenant()).guaranteed().contains(victim.pod());
      if (victim.tenant().latencyCritical() && guaranteed) {
        throw new InvariantBroken(
            "a guaranteed latency-critical pod is never evicted", victim.pod().pod());
      }
    }
  }

  /** With any one victim staying, what is reserved would not be free. */
  static void noVictimCouldBeLeftOut(ReclaimDecision.Plan plan, Snapshot snapshot) {
    Set<String> going = new HashSet<>();
    plan.victims().forEach(victim -> going.add(victim.pod().pod().uid()));
    plan.leaving().forEach(pod -> going.add(pod.uid()));
    NodeState node = snapshot.node(plan.node()).orElseThrow();
    if (!isFree(plan, node, going)) {
      throw new InvariantBroken("what is reserved comes free", plan);
    }
    for (Victim victim : plan.victims()) {
      Set<String> fewer = new HashSet<>(going);
      fewer.remove(victim.pod().pod().uid());
      if (isFree(plan, node, fewer)) {
        throw new InvariantBroken("no victim could be left out", victim.pod().pod());
      }
    }
  }

  private static boolean isFree(ReclaimDecision.Plan plan, NodeState node, Set<String> going) {
    for (Held held : plan.held()) {
      for (SliceState slice : node.slices(held.resource().profile())) {
        if (held.slices().contains(slice.slice().uuid()) && !hasRoom(slice, held, going)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean hasRoom(SliceState slice, Held held, Set<String> going) {
    int used = 0;
    for (SliceHold hold : slice.holds()) {
      if (!going.contains(hold.pod().uid())) {
        if (hold.whole() || !held.resource().shared()) {
          return false;
        }
        used += hold.shares();
      }
    }
    return used + held.shares() <= slice.sharesTotal();
  }

  /** A ledger built from what a watch would list now says the same. */
  static void sameAsRebuilt(World world) {
    if (!world.factsSayAll()) {
      return;
    }
    Snapshot now = world.snapshot();
    Snapshot rebuilt = world.rebuilt();
    if (!now.equals(rebuilt)) {
      throw new InvariantBroken("the ledger equals one rebuilt", difference(now, rebuilt));
    }
  }

  private static String difference(Snapshot now, Snapshot rebuilt) {
    for (NodeState node : now.nodes()) {
      Optional<NodeState> other = rebuilt.node(node.name());
      if (!other.equals(Optional.of(node))) {
        return node + " is not " + other;
      }
    }
    return now.usages() + " is not " + rebuilt.usages();
  }

  /** When everybody has gone nothing is charged, held or kept. */
  static void whatWasChargedIsFreed(World world) {
    Snapshot snapshot = world.snapshot();
    for (NodeState node : snapshot.nodes()) {
      for (SliceState slice : node.slices()) {
        if (!slice.freeWhole() || slice.freeShares() != slice.sharesTotal()) {
          throw new InvariantBroken("what was charged is freed", slice);
        }
      }
    }
    for (TenantUsage usage : snapshot.usages().values()) {
      for (PodCharge left : usage.ranked()) {
        throw new InvariantBroken("what was charged is freed", left);
      }
    }
    if (!world.nothingReserved()) {
      throw new InvariantBroken("what was charged is freed", "a reservation is left");
    }
  }
}
