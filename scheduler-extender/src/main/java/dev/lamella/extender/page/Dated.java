package dev.lamella.extender.page;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Things by name, and when each changed last. Immutable.
 *
 * @param changed by name, the number of the frame in which it came or changed last
 * @param gone by name, the number of the frame in which it went
 */
record Dated<T>(SortedMap<String, T> now, Map<String, Long> changed, Map<String, Long> gone) {

  static <T> Dated<T> none() {
    return new Dated<>(new TreeMap<>(), Map.of(), Map.of());
  }

  /**
   * As it stands one frame later.
   *
   * @param forget what went in this frame or before is forgotten
   */
  Dated<T> next(Collection<T> things, Function<T, String> name, long frame, long forget) {
    SortedMap<String, T> later = new TreeMap<>();
    things.forEach(thing -> later.put(name.apply(thing), thing));
    Map<String, Long> dates = new HashMap<>();
    later.forEach(
        (key, thing) -> dates.put(key, thing.equals(now.get(key)) ? changed.get(key) : frame));
    Map<String, Long> ends = new HashMap<>(gone);
    now.keySet().forEach(key -> ends.put(key, frame));
    ends.keySet().removeAll(later.keySet());
    ends.values().removeIf(date -> date <= forget);
    return new Dated<>(later, dates, ends);
  }

  /** Whether anything came, changed or went in this frame. */
  boolean moved(long frame) {
    return changed.containsValue(frame) || gone.containsValue(frame);
  }

  /** What came or changed after this frame, by name. */
  List<String> since(long frame) {
    return now.keySet().stream().filter(key -> changed.get(key) > frame).toList();
  }

  /** What went after this frame, by name. */
  List<String> goneSince(long frame) {
    return gone.keySet().stream().filter(key -> gone.get(key) > frame).sorted().toList();
  }
}
