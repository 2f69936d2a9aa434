package dev.lamella.deviceplugin;

import dev.lamella.deviceplugin.allocation.Catalogue;
import dev.lamella.deviceplugin.container.Delivery;
import dev.lamella.deviceplugin.inventory.Inventory;
import dev.lamella.deviceplugin.naming.MigStrategy;
import dev.lamella.deviceplugin.naming.Naming;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the node has and what it offers of it, at one moment.
 *
 * @param sharesWaiting changes of shares that wait for pods to end, one sentence each
 */
record Offering(
    Inventory inventory,
    Catalogue catalogue,
    MigStrategy strategy,
    Naming naming,
    Delivery delivery,
    List<String> sharesWaiting) {

  static Offering none(String why) {
    return new Offering(
        Inventory.none(why),
        Catalogue.empty(),
        MigStrategy.MIXED,
        new Naming(Map.of(), List.of()),
        Delivery.DEFAULT,
        List.of());
  }

  /** What was left out, is known in part, or is held without being there. */
  List<String> problems() {
    List<String> problems = new ArrayList<>(inventory.problems());
    for (Catalogue.Stray stray : catalogue.strays()) {
      problems.add(
          "%s of %s is held by a pod and is not there: it is unhealthy until the pod is gone"
              .formatted(stray.device(), stray.resource()));
    }
    return problems;
  }
}
