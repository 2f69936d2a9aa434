package dev.lamella.core.tenancy;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which namespaces a tenant owns: by name, or by labels.
 *
 * @param names namespaces by name
 * @param labels every label that a namespace must carry; empty if it goes by name
 */
public record NamespaceClaim(Set<String> names, Map<String, String> labels) {

  public NamespaceClaim {
    names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    if (!names.isEmpty() && !labels.isEmpty()) {
      throw new IllegalArgumentException(
          "namespaces and namespaceSelector exclude each other: give one of them");
    }
  }

  public static NamespaceClaim byName(String... names) {
    return new NamespaceClaim(Set.of(names), Map.of());
  }

  boolean claims(String namespace, Map<String, String> itsLabels) {
    return names.contains(namespace)
        || (!labels.isEmpty() && itsLabels.entrySet().containsAll(labels.entrySet()));
  }
}
