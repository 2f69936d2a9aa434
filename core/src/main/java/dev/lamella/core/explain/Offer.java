package dev.lamella.core.explain;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What kube-scheduler asked about a pod last, when no node would do.
 *
 * @param nodes those that passed its own filters
 * @param why the reasons' sentences and how many of them each ruled out; the most first
 * @param since when it was refused first, in milliseconds since the epoch
 * @param at when it was refused last, in milliseconds since the epoch
 */
public record Offer(List<String> nodes, Map<String, Integer> why, long since, long at) {

  public Offer {
    nodes = List.copyOf(nodes);
    why = Collections.unmodifiableMap(new LinkedHashMap<>(why));
  }
}
