package dev.lamella.extender.decide;

import dev.lamella.core.ledger.PodFact;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pod that was refused on every node that kube-scheduler offered.
 *
 * @param pod as kube-scheduler showed it
 * @param offered the nodes offered last
 * @param why the reasons' sentences, and how many nodes each ruled out; the most first
 * @param since when it was refused first, in milliseconds since the epoch
 * @param at when it was refused last, in milliseconds since the epoch
 */
record Demand(PodFact pod, List<String> offered, Map<String, Integer> why, long since, long at) {

  Demand {
    offered = List.copyOf(offered);
    why = Collections.unmodifiableMap(new LinkedHashMap<>(why));
  }

  String uid() {
    return pod.ref().uid();
  }
}
