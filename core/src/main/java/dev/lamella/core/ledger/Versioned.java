package dev.lamella.core.ledger;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The newest version of each object of one kind. A deletion is kept as a version without a value,
 * so that an older sighting that comes late brings nothing back.
 */
final class Versioned<T> {

  private record Entry<T>(long version, T value) {}

  private final Map<String, Entry<T>> entries = new TreeMap<>();

  /** Returns whether this was news. */
  boolean put(String name, long version, T value) {
    Entry<T> old = entries.get(name);
    if (old != null && old.version() >= version) {
      return false;
    }
    entries.put(name, new Entry<>(version, value));
    return true;
  }

  /** Returns whether this was news. */
  boolean remove(String name, long version) {
    return put(name, version, null);
  }

  Optional<T> get(String name) {
    return Optional.ofNullable(entries.get(name)).map(Entry::value);
  }

  Collection<T> values() {
    return entries.values().stream().map(Entry::value).filter(Objects::nonNull).toList();
  }

  Map<String, T> asMap() {
    return entries.entrySet().stream()
        .filter(entry -> entry.getValue().value() != null)
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().value()));
  }
}
