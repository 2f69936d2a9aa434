package dev.lamella.extender.kube;

import dev.lamella.core.reclaim.DisruptionBudget;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** PodDisruptionBudgets and the pods with slices that each covers. For use by several threads. */
public final class Disruptions {

  private record Labels(String namespace, Map<String, String> labels) {}

  private final Map<String, DisruptionBudgetJson> budgets = new ConcurrentHashMap<>();
  private final Map<String, Labels> pods = new ConcurrentHashMap<>();

  void seen(DisruptionBudgetJson budget) {
    budgets.put(budget.metadata().uid(), budget);
  }

  void gone(String uid) {
    budgets.remove(uid);
  }

  void podSeen(Meta pod) {
    pods.put(pod.uid(), new Labels(pod.namespace(), pod.labels()));
  }

  void podGone(String uid) {
    pods.remove(uid);
  }

  /** What may be disrupted now, by name. */
  public List<DisruptionBudget> budgets() {
    List<DisruptionBudget> list = new ArrayList<>();
    budgets.values().forEach(budget -> list.add(budget(budget)));
    list.sort((a, b) -> a.name().compareTo(b.name()));
    return list;
  }

  private DisruptionBudget budget(DisruptionBudgetJson budget) {
    Set<String> covered = new HashSet<>();
    String namespace = budget.metadata().namespace();
    if (budget.spec() != null && budget.spec().selector() != null) {
      pods.forEach(
          (uid, pod) -> {
            if (pod.namespace().equals(namespace)
                && budget.spec().selector().matches(pod.labels())) {
              covered.add(uid);
            }
          });
    }
    int allowed = budget.status() == null ? 0 : budget.status().disruptionsAllowed();
    return new DisruptionBudget(namespace + "/" + budget.metadata().name(), allowed, covered);
  }
}
