package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Lists objects, in pages if asked to; all pages of a list show one moment. */
final class Lists {

  private static final int MAX_OPEN_PAGES = 256;
  private static final long MAX_WAIT_SECONDS = 3;

  /** What is left of paged lists, by token; the oldest are given up first. */
  private final Map<String, Store.Snapshot> open =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Store.Snapshot> eldest) {
          return size() > MAX_OPEN_PAGES;
        }
      };

  private final Store store;
  private long pages;

  Lists(Store store) {
    this.store = store;
  }

  ObjectNode list(Target target, Query query, View view) throws InterruptedException {
    view.check(true);
    String token = query.text("continue");
    Store.Snapshot all = token.isEmpty() ? current(target, query) : rest(token);
    int limit = (int) Math.min(query.number("limit").orElse(0), Integer.MAX_VALUE);
    int size = all.objects().size();
    int shown = limit > 0 && limit < size ? limit : size;
    ObjectNode list = view.emptyList(target.type());
    ObjectNode meta = list.putObject("metadata");
    meta.put("resourceVersion", Long.toString(all.version()));
    if (shown < size) {
      meta.put("continue", keep(all.version(), all.objects().subList(shown, size)));
      if (!query.selective()) {
        meta.put("remainingItemCount", size - shown);
      }
    }
    ArrayNode items = list.putArray(view.items());
    all.objects().subList(0, shown).forEach(o -> items.add(view.item(target.type(), o)));
    return list;
  }

  private Store.Snapshot current(Target target, Query query) throws InterruptedException {
    OptionalLong wanted = query.version();
    if (wanted.isPresent() && !store.reaches(wanted.getAsLong(), Store.seconds(MAX_WAIT_SECONDS))) {
      throw new StatusException(
          504,
          "Timeout",
          "Too large resource version: %d, current: %d"
              .formatted(wanted.getAsLong(), store.version()));
    }
    Store.Snapshot all = store.list(target.type());
    boolean exact = query.text("resourceVersionMatch").equals("Exact");
    if (exact && wanted.isPresent() && wanted.getAsLong() != all.version()) {
      throw StatusException.expired("The resourceVersion for the provided list is too old.");
    }
    var selection = query.selection(target);
    return new Store.Snapshot(all.version(), all.objects().stream().filter(selection).toList());
  }

  private synchronized String keep(long version, List<ObjectNode> rest) {
    String token = version + "-" + ++pages;
    open.put(token, new Store.Snapshot(version, List.copyOf(rest)));
    return token;
  }

  private synchronized Store.Snapshot rest(String token) {
    Store.Snapshot rest = open.get(token);
    if (rest == null) {
      throw StatusException.expired(
          "The provided continue parameter is too old to display a consistent list result. You can"
              + " start a new list without the continue parameter.");
    }
    return rest;
  }
}
