package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes objects whose owners are all gone, and what stands in namespaces that are being deleted,
 * and then those. Upstream this is the controller manager's; here it sits on the store, so that
 * every type is covered without a watch for each. Always in the background, whatever propagation
 * policy a client asked for.
 */
final class GarbageCollector implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GarbageCollector.class);
  private static final long PAUSE_SECONDS = 60;

  private final Store store;
  private final Deletion deletion;
  private final Thread thread = new Thread(this::run, "api-server-garbage-collector");

  GarbageCollector(Store store, Deletion deletion) {
    this.store = store;
    this.deletion = deletion;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!store.closed()) {
        long seen = store.removals();
        collect();
        store.awaitRemoval(seen, Store.seconds(PAUSE_SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("garbage is no longer collected", e);
    }
  }

  private void collect() {
    store.atomically(this::garbage).forEach(Runnable::run);
    store.list(ResourceTypes.NAMESPACES).objects().stream()
        .filter(Meta::deleting)
        .forEach(this::finish);
  }

  /** What is to be done about all that should go; decided on one state of the store. */
  private List<Runnable> garbage() {
    Set<String> alive = new HashSet<>();
    ResourceTypes.ALL.forEach(
        type -> store.list(type).objects().forEach(object -> alive.add(Meta.uid(object))));
    List<Runnable> work = new ArrayList<>();
    for (ResourceType type : ResourceTypes.ALL) {
      for (ObjectNode object : store.list(type).objects()) {
        if (orphaned(object, alive) || type.namespaced() && terminating(object)) {
          work.add(() -> delete(type, object));
        }
      }
    }
    return work;
  }

  private static boolean orphaned(ObjectNode object, Set<String> alive) {
    return !Meta.owners(object).isEmpty()
        && Meta.owners(object).stream().noneMatch(alive::contains);
  }

  private boolean terminating(ObjectNode object) {
    return store
        .find(ResourceTypes.NAMESPACES, "", Meta.namespace(object))
        .map(Meta::deleting)
        .orElse(true);
  }

  private void delete(ResourceType type, ObjectNode object) {
    store.atomically(
        () -> {
          boolean still =
              store
                  .find(type, Meta.namespace(object), Meta.name(object))
                  .filter(o -> Meta.uid(o).equals(Meta.uid(object)))
                  .isPresent();
          if (still) {
            deletion.delete(type, Meta.namespace(object), Meta.name(object), Deletion.Options.NONE);
          }
          return still;
        });
  }

  private void finish(ObjectNode namespace) {
    store.atomically(
        () -> {
          boolean empty =
              ResourceTypes.ALL.stream()
                  .filter(ResourceType::namespaced)
                  .flatMap(type -> store.list(type).objects().stream())
                  .noneMatch(object -> Meta.namespace(object).equals(Meta.name(namespace)));
          if (empty && store.find(ResourceTypes.NAMESPACES, "", Meta.name(namespace)).isPresent()) {
            store.remove(ResourceTypes.NAMESPACES, namespace);
          }
          return empty;
        });
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
