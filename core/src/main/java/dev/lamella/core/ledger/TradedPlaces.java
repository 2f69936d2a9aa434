package dev.lamella.core.ledger;

import dev.lamella.core.assignment.Held;
import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The places that pods of one shape leave to each other. The kubelet gives one of them the devices
 * that the other was assigned; as long as that one is not admitted, it is owed what the first has
 * left, which must not go to a third.
 */
final class TradedPlaces {

  /** A pod with an assignment that can be true, and what its node reports of it. */
  private record Placed(PodFact pod, PodHoldings holdings) {

    List<Held> assigned() {
      return pod.assignment().orElseThrow().held();
    }

    /** Whether it has all that it asks for, but not where it was assigned. */
    boolean left(Held entry) {
      return holdings.admitted() && !holdings.bySlice().keySet().containsAll(entry.slices());
    }
  }

  private final Map<String, SliceState> slices;
  private final List<Placed> pods = new ArrayList<>();

  TradedPlaces(Map<String, SliceState> slices) {
    this.slices = slices;
  }

  void add(PodFact pod, PodHoldings holdings) {
    if (pod.assignment().isPresent() && PodHoldings.contradiction(pod, slices).isEmpty()) {
      pods.add(new Placed(pod, holdings));
    }
  }

  /** Names each place that is kept, with the pod that left it. */
  void forEach(BiConsumer<PodFact, Held> kept) {
    Set<ResourceName> traded = traded();
    for (Placed placed : pods) {
      for (Held entry : placed.assigned()) {
        if (traded.contains(entry.resource()) && placed.left(entry)) {
          kept.accept(placed.pod(), entry);
        }
      }
    }
  }

  /** Resources of which a pod waits whose slices others hold. */
  private Set<ResourceName> traded() {
    Set<String> taken = new HashSet<>();
    for (Placed placed : pods) {
      for (Held entry : placed.assigned()) {
        if (placed.left(entry)) {
          taken.addAll(placed.holdings().bySlice().keySet());
          taken.removeAll(entry.slices());
        }
      }
    }
    Set<ResourceName> traded = new HashSet<>();
    for (Placed placed : pods) {
      for (Held entry : placed.assigned()) {
        if (!placed.holdings().admitted() && entry.slices().stream().anyMatch(taken::contains)) {
          traded.add(entry.resource());
        }
      }
    }
    return traded;
  }
}
