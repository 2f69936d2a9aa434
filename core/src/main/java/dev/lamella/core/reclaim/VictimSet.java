package dev.lamella.core.reclaim;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Pods that would have to go together.
 *
 * @param victims the last to go first, so that sets compare by their dearest pod
 * @param lastResort whether one of them has no controller, or a disruption budget forbids it
 */
record VictimSet(List<Victim> victims, boolean lastResort) {

  private static final Comparator<VictimSet> ORDER =
      Comparator.comparing(VictimSet::lastResort)
          .thenComparing(VictimSet::worstKind)
          .thenComparingInt(set -> set.victims.size())
          .thenComparing(VictimSet::byDearest);

  static Comparator<VictimSet> order() {
    return ORDER;
  }

  static VictimSet of(Collection<Victim> victims, List<DisruptionBudget> budgets) {
    Map<String, Victim> distinct = new TreeMap<>();
    victims.forEach(victim -> distinct.put(victim.uid(), victim));
    List<Victim> sorted = distinct.values().stream().sorted(Victim.FIRST_TO_GO.reversed()).toList();
    boolean alone = sorted.stream().anyMatch(victim -> !victim.pod().traits().controlled());
    return new VictimSet(sorted, alone || forbidden(distinct.keySet(), budgets));
  }

  private static boolean forbidden(Collection<String> uids, List<DisruptionBudget> budgets) {
    for (DisruptionBudget budget : budgets) {
      long covered = uids.stream().filter(budget.pods()::contains).count();
      if (covered > budget.allowed()) {
        return true;
      }
    }
    return false;
  }

  private int worstKind() {
    return victims.stream().mapToInt(victim -> victim.kind().ordinal()).max().orElse(-1);
  }

  /** Of two sets of one size the one whose dearest pod goes first. */
  private static int byDearest(VictimSet a, VictimSet b) {
    for (int i = 0; i < a.victims.size(); i++) {
      int order = Victim.FIRST_TO_GO.compare(a.victims.get(i), b.victims.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  List<Victim> displaced() {
    return victims.stream().filter(v -> v.kind() == Victim.Kind.DISPLACED_SHARE).toList();
  }

  boolean has(String uid) {
    return victims.stream().anyMatch(victim -> victim.uid().equals(uid));
  }

  @Override
  public String toString() {
    return victims.stream().map(v -> v.pod().pod().toString()).collect(Collectors.joining(", "));
  }
}
