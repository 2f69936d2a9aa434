package dev.lamella.extender.decide;

import dev.lamella.core.reason.Reason;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Reasons of many nodes, as few sentences. */
final class Sentences {

  private Sentences() {}

  /** How many reasons have each sentence: the most first, then by sentence. */
  static Map<String, Integer> counted(Collection<Reason> reasons) {
    Map<String, Integer> counts = new TreeMap<>();
    reasons.forEach(reason -> counts.merge(reason.sentence(), 1, Integer::sum));
    Map<String, Integer> ordered = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
    return ordered;
  }
}
