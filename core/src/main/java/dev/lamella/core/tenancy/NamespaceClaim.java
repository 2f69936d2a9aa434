package dev.lamella.core.tenancy;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which namespaces a tenant owns: by name, or by labels.
 *
 * @param names namespaces by name
 * @param labels everything that a namespace's labels must satisfy, in order; empty if it goes by
 *     name
 */
public record NamespaceClaim(Set<String> names, List<LabelRequirement> labels) {

  public NamespaceClaim {
    names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
    labels = List.copyOf(new TreeSet<>(labels));
    if (!names.isEmpty() && !labels.isEmpty()) {
      throw new IllegalArgumentException(
          "namespaces and namespaceSelector exclude each other: give one of them");
    }
  }

  public static NamespaceClaim byName(String... names) {
    return new NamespaceClaim(Set.of(names), List.of());
  }

  public static NamespaceClaim byLabels(Collection<LabelRequirement> labels) {
    return new NamespaceClaim(Set.of(), List.copyOf(labels));
  }

  /** Never one without names and labels: an empty selector claims nothing. */
  boolean claims(String namespace, Map<String, String> itsLabels) {
    return names.contains(namespace)
        || (!labels.isEmpty() && labels.stream().allMatch(label -> label.matches(itsLabels)));
  }
}
