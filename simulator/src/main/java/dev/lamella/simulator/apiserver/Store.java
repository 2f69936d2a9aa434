package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * All objects, and per type the history of their changes.
 *
 * <p>One lock: a writer holds it from its read to its write, a reader only while references are
 * copied. A stored tree is never changed afterwards, so it may be read without the lock.
 * resourceVersion is one counter over all types, as in etcd.
 */
final class Store {

  /** Where the counter starts: what is older was never there, as after a restart. */
  static final long FIRST_VERSION = 1000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<ResourceType, Shard> shards = new HashMap<>();
  private long version = FIRST_VERSION;
  private long removals;
  private boolean closed;

  /**
   * @param history how many changes of each type are kept at least
   */
  Store(List<ResourceType> types, int history) {
    types.forEach(type -> shards.put(type, new Shard(history, FIRST_VERSION)));
  }

  /** All objects of a type at one moment, by namespace and name. */
  record Snapshot(long version, List<ObjectNode> objects) {}

  /**
   * Changes of one type.
   *
   * @param upTo no change up to this version is missing
   */
  record Changes(long upTo, List<Change> list) {}

  /** Does something as one step: no other write comes in between. */
  <T> T atomically(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  Optional<ObjectNode> find(ResourceType type, String namespace, String name) {
    return atomically(() -> shards.get(type).find(namespace, name));
  }

  ObjectNode get(ResourceType type, String namespace, String name) {
    return find(type, namespace, name).orElseThrow(() -> StatusException.notFound(type, name));
  }

  Snapshot list(ResourceType type) {
    return atomically(() -> new Snapshot(version, shards.get(type).objects()));
  }

  long version() {
    return atomically(() -> version);
  }

  /** Stores an object, which becomes the store's, under a new resourceVersion. */
  ObjectNode put(ResourceType type, ObjectNode object) {
    return atomically(
        () -> {
          Meta.of(object).put("resourceVersion", Long.toString(++version));
          shards.get(type).put(version, object);
          removals += Meta.deleting(object) ? 1 : 0;
          changed.signalAll();
          return object;
        });
  }

  /** Removes an object; answers its last state, under the resourceVersion of its removal. */
  ObjectNode remove(ResourceType type, ObjectNode object) {
    return atomically(
        () -> {
          ObjectNode last = object.deepCopy();
          Meta.of(last).put("resourceVersion", Long.toString(++version));
          shards.get(type).remove(version, last);
          removals++;
          changed.signalAll();
          return last;
        });
  }

  /**
   * The changes of a type after a version; waits for the first one.
   *
   * @param nanos how long to wait at most
   * @return no changes if there were none in time, or the store has been closed
   * @throws StatusException 410 if the history does not reach back to the version
   */
  Changes changes(ResourceType type, long after, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Shard shard = shards.get(type);
      long left = nanos;
      while (!closed && left > 0 && shard.lastChange() <= after) {
        left = changed.awaitNanos(left);
      }
      return new Changes(Math.max(version, after), shard.changesAfter(after));
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the counter is at a version, as a client that read ahead may ask. */
  boolean reaches(long wanted, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (!closed && left > 0 && version < wanted) {
        left = changed.awaitNanos(left);
      }
      return version >= wanted;
    } finally {
      lock.unlock();
    }
  }

  /** How often an object was removed, or marked as being deleted. */
  long removals() {
    return atomically(() -> removals);
  }

  /** Waits for a removal beyond those that were seen. */
  void awaitRemoval(long seen, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (!closed && left > 0 && removals <= seen) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  boolean closed() {
    return atomically(() -> closed);
  }

  /** Wakes all who wait. */
  void close() {
    atomically(
        () -> {
          closed = true;
          changed.signalAll();
          return null;
        });
  }

  static long seconds(long seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }
}
