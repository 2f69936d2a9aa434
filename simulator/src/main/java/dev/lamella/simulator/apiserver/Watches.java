package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Streams the changes of one type to one client. */
final class Watches {

  private static final long DEFAULT_TIMEOUT_SECONDS = 1800;

  /** How long a watch is quiet before a bookmark; upstream waits about a minute. */
  private static final long QUIET_SECONDS = 5;

  private static final String INITIAL_EVENTS_END = "k8s.io/initial-events-end";

  /** How often a quiet watch asks for its fate. */
  private static final long FATE_MILLIS = 200;

  private final Store store;

  Watches(Store store) {
    this.store = store;
  }

  /** Where events go. */
  interface Sink {
    /** Sends one line; fails when the client is gone. */
    void send(ObjectNode event) throws IOException;
  }

  /**
   * What goes wrong with a watch.
   *
   * @param lag how much later than it happened each change is told
   */
  record Trouble(Duration lag, Supplier<Faults.WatchFate> fate) {}

  /** One client's watch. */
  private record Request(
      Target target, View view, Predicate<JsonNode> selection, boolean bookmarks, Sink sink) {}

  /** Streams until the time that the query names has passed, or the server closes. */
  void watch(Target target, Query query, View view, Trouble trouble, Sink sink)
      throws IOException, InterruptedException {
    view.check(false);
    boolean initial = query.flag("sendInitialEvents");
    boolean bookmarks = query.flag("allowWatchBookmarks");
    Request request = new Request(target, view, query.selection(target), bookmarks, sink);
    long seconds = query.number("timeoutSeconds").orElse(DEFAULT_TIMEOUT_SECONDS);
    long end = System.nanoTime() + Store.seconds(seconds);
    long from =
        query.version().isEmpty() || initial
            ? existing(request, initial)
            : query.version().getAsLong();
    try {
      follow(request, from, end, trouble);
    } catch (StatusException e) {
      sink.send(event("ERROR", e.body()));
    }
  }

  private long existing(Request request, boolean marked) throws IOException {
    Store.Snapshot all = store.list(request.target().type());
    for (ObjectNode object : all.objects()) {
      if (request.selection().test(object)) {
        request.sink().send(event("ADDED", request.view().of(object)));
      }
    }
    if (marked) {
      ObjectNode bookmark = bookmark(request, all.version());
      Meta.of(bookmark).putObject("annotations").put(INITIAL_EVENTS_END, "true");
      request.sink().send(event("BOOKMARK", bookmark));
    }
    return all.version();
  }

  private void follow(Request request, long from, long end, Trouble trouble)
      throws IOException, InterruptedException {
    long seen = from;
    long told = from;
    long quietSince = System.nanoTime();
    while (!store.closed() && System.nanoTime() < end) {
      long wait = Math.min(TimeUnit.MILLISECONDS.toNanos(FATE_MILLIS), end - System.nanoTime());
      Store.Changes changes = store.changes(request.target().type(), seen, wait);
      meet(trouble.fate().get(), end);
      for (Change change : changes.list()) {
        await(change.nanos() + trouble.lag().toNanos());
        told = send(request, change) ? change.version() : told;
        quietSince = System.nanoTime();
      }
      seen = changes.upTo();
      boolean quiet = System.nanoTime() - quietSince >= Store.seconds(QUIET_SECONDS);
      if (request.bookmarks() && quiet && seen > told) {
        quietSince = System.nanoTime();
        request.sink().send(event("BOOKMARK", bookmark(request, seen)));
        told = seen;
      }
    }
  }

  private void meet(Faults.WatchFate fate, long end) throws IOException, InterruptedException {
    if (fate == Faults.WatchFate.EXPIRES) {
      throw StatusException.expired("the watch expired by a fault");
    }
    if (fate == Faults.WatchFate.HANGS) {
      while (!store.closed() && System.nanoTime() < end + Store.seconds(QUIET_SECONDS)) {
        Thread.sleep(FATE_MILLIS);
      }
      throw new IOException("the watch hung by a fault");
    }
  }

  private static void await(long nanos) throws InterruptedException {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }

  /** An object that begins or ceases to match appears as added or deleted. */
  private static boolean send(Request request, Change change) throws IOException {
    boolean was = change.before() != null && request.selection().test(change.before());
    boolean is = change.after() != null && request.selection().test(change.after());
    if (is) {
      request.sink().send(event(was ? "MODIFIED" : "ADDED", request.view().of(change.after())));
    } else if (was) {
      ObjectNode last = change.before().deepCopy();
      Meta.of(last).put("resourceVersion", Long.toString(change.version()));
      request.sink().send(event("DELETED", request.view().of(last)));
    }
    return is || was;
  }

  private static ObjectNode bookmark(Request request, long version) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    ResourceType type = request.target().type();
    object.put("kind", type.kind()).put("apiVersion", type.apiVersion());
    object.putObject("metadata").put("resourceVersion", Long.toString(version));
    return request.view().of(object);
  }

  private static ObjectNode event(String type, ObjectNode object) {
    ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", type);
    event.set("object", object);
    return event;
  }
}
