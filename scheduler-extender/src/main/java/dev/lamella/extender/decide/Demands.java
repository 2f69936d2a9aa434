package dev.lamella.extender.decide;

import dev.lamella.core.ledger.PodFact;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pods that are blocked now. Bounded: past the bound the oldest is left to kube-scheduler. */
final class Demands {

  private static final int MOST = 10_000;

  private final Map<String, Demand> byUid = new LinkedHashMap<>();

  synchronized void refused(PodFact pod, List<String> offered, Map<String, Integer> why, long now) {
    Demand before = byUid.remove(pod.ref().uid());
    long since = before == null ? now : before.since();
    byUid.put(pod.ref().uid(), new Demand(pod, offered, why, since, now));
    if (byUid.size() > MOST) {
      byUid.remove(byUid.keySet().iterator().next());
    }
  }

  synchronized Optional<Demand> of(String uid) {
    return Optional.ofNullable(byUid.get(uid));
  }

  synchronized void settled(String uid) {
    byUid.remove(uid);
  }

  synchronized List<Demand> all() {
    return new ArrayList<>(byUid.values());
  }
}
