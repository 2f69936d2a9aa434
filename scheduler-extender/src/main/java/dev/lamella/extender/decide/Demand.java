package dev.lamella.extender.decide;

import dev.lamella.core.ledger.PodFact;
import java.util.List;

/**
 * A pod that was refused on every node that kube-scheduler offered.
 *
 * @param pod as kube-scheduler showed it
 * @param offered the nodes offered last
 * @param since when it was refused first, in milliseconds since the epoch
 * @param at when it was refused last, in milliseconds since the epoch
 */
record Demand(PodFact pod, List<String> offered, long since, long at) {

  Demand {
    offered = List.copyOf(offered);
  }

  String uid() {
    return pod.ref().uid();
  }
}
