package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The objects of one type and their latest changes; guarded by the store's lock. */
final class Shard {

  private final TreeMap<String, ObjectNode> objects = new TreeMap<>();
  private final List<Change> history = new ArrayList<>();
  private final int keep;
  private long forgotten;

  /**
   * @param keep how many changes are kept at least; up to twice as many are
   * @param forgotten the version up to which changes are not known
   */
  Shard(int keep, long forgotten) {
    this.keep = keep;
    this.forgotten = forgotten;
  }

  Optional<ObjectNode> find(String namespace, String name) {
    return Optional.ofNullable(objects.get(key(namespace, name)));
  }

  List<ObjectNode> objects() {
    return List.copyOf(objects.values());
  }

  void put(long version, ObjectNode object) {
    ObjectNode before = objects.put(key(Meta.namespace(object), Meta.name(object)), object);
    record(new Change(version, System.nanoTime(), before, object));
  }

  void remove(long version, ObjectNode last) {
    objects.remove(key(Meta.namespace(last), Meta.name(last)));
    record(new Change(version, System.nanoTime(), last, null));
  }

  long lastChange() {
    return history.isEmpty() ? 0 : history.get(history.size() - 1).version();
  }

  List<Change> changesAfter(long version) {
    if (version < forgotten) {
      throw StatusException.expired(
          "too old resource version: %d (%d)".formatted(version, forgotten));
    }
    int from = history.size();
    while (from > 0 && history.get(from - 1).version() > version) {
      from--;
    }
    return List.copyOf(history.subList(from, history.size()));
  }

  private void record(Change change) {
    history.add(change);
    if (history.size() >= 2 * keep) {
      List<Change> oldest = history.subList(0, history.size() - keep);
      forgotten = oldest.get(oldest.size() - 1).version();
      oldest.clear();
    }
  }

  private static String key(String namespace, String name) {
    return namespace + "/" + name;
  }
}
