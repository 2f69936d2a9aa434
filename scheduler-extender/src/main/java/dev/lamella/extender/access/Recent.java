package dev.lamella.extender.access;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Answers of the API server that are not asked for again for a while. Bounded, for any thread. */
final class Recent<K, V> {

  private record Kept<V>(V value, long until) {}

  private final Map<K, Kept<V>> entries;
  private final Clock clock;
  private final long keptMillis;

  Recent(int most, Duration kept, Clock clock) {
    this.clock = clock;
    this.keptMillis = kept.toMillis();
    this.entries =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, Kept<V>> eldest) {
            return size() > most;
          }
        };
  }

  synchronized Optional<V> get(K key) {
    Kept<V> entry = entries.get(key);
    if (entry != null && clock.millis() >= entry.until()) {
      entries.remove(key);
      return Optional.empty();
    }
    return Optional.ofNullable(entry).map(Kept::value);
  }

  synchronized void put(K key, V value) {
    entries.put(key, new Kept<>(value, clock.millis() + keptMillis));
  }

  synchronized int size() {
    return entries.size();
  }
}
