package dev.lamella.extender.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a kind of object in sight: lists it, watches it from there, lists it again when the API
 * server has forgotten the way back. Every object seen, and every one gone, is handed on in order,
 * on this reflector's own thread.
 */
final class Reflector<T> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;
  private static final int GONE = 410;

  /** Receives what was seen. */
  interface Sink<T> {
    /** An object exists. */
    void seen(T object);

    /** An object is gone; the version is that of its deletion, or of the list that lacks it. */
    void gone(String key, long version);
  }

  private final KubeApi api;
  private final String path;
  private final Class<T> type;
  private final Function<JsonNode, String> key;
  private final Sink<T> sink;
  private final WatchTimes times;
  private final AtomicLong listsWanted = new AtomicLong();
  private final CountDownLatch synced = new CountDownLatch(1);
  private final Thread thread;

  private Set<String> known = new HashSet<>();
  private String version;
  private long pause = FIRST_PAUSE_MILLIS;
  private volatile boolean closed;
  private volatile Call watch;
  private volatile long listsDone = -1;
  private volatile long currentAt;

  /**
   * @param path such as {@code /api/v1/pods}
   * @param key what names an object in {@link Sink#gone}, read from its metadata
   */
  Reflector(
      KubeApi api,
      String path,
      Class<T> type,
      Function<JsonNode, String> key,
      Sink<T> sink,
      WatchTimes times) {
    this.api = api;
    this.times = times;
    this.currentAt = times.nanos().getAsLong();
    this.path = path;
    this.type = type;
    this.key = key;
    this.sink = sink;
    this.thread = new Thread(this::run, "watch-" + kind());
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  boolean watches(Class<?> kind) {
    return type == kind;
  }

  /** Whether everything that existed when it started has been handed on. */
  boolean synced() {
    return synced.getCount() == 0;
  }

  /** The plural of what it watches. */
  String kind() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * Nanoseconds since it was last certain to have seen everything: an event, a bookmark, a list, or
   * a watch that lasted and was ended in good order.
   */
  long ageNanos() {
    return times.nanos().getAsLong() - currentAt;
  }

  private void current(long at) {
    currentAt = at;
  }

  /** Asks for a list that begins after this call; answers what to wait for. */
  long relist() {
    long wanted = listsWanted.incrementAndGet();
    Call open = watch;
    if (open != null) {
      open.cancel();
    }
    return wanted;
  }

  /**
   * Waits for a list that was asked for.
   *
   * @throws TimeoutException if it has not been handed on by then
   */
  synchronized void awaitListed(long wanted, long endNanos)
      throws TimeoutException, InterruptedException {
    while (listsDone < wanted) {
      long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
      if (left <= 0) {
        throw new TimeoutException("the list of " + kind() + " takes too long");
      }
      wait(left);
    }
  }

  private synchronized void listed(long wanted) {
    listsDone = wanted;
    notifyAll();
  }

  private boolean listWanted() {
    return listsDone < listsWanted.get();
  }

  private void run() {
    while (!closed) {
      try {
        listIfWanted();
        long begun = System.nanoTime();
        watch();
        pause = FIRST_PAUSE_MILLIS;
        // A server that ends every watch at once is not to be asked in a tight loop.
        if (System.nanoTime() - begun < FIRST_PAUSE_MILLIS * 1_000_000 && !sleep(pause)) {
          return;
        }
      } catch (IOException | RuntimeException e) {
        if (closed) {
          return;
        }
        if (listWanted() && e instanceof IOException && watch != null && watch.isCanceled()) {
          continue;
        }
        LOG.warn("watch of {} interrupted, again in {} ms: {}", path, pause, e.toString());
        if (!sleep(pause)) {
          return;
        }
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      }
    }
  }

  private void listIfWanted() throws IOException {
    long wanted = listsWanted.get();
    if (version == null || listsDone < wanted) {
      long begun = times.nanos().getAsLong();
      watch = null;
      list();
      current(begun);
      listed(wanted);
      synced.countDown();
    }
  }

  private boolean sleep(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** What a list shows that then breaks off is known all the same: the next one may lack it. */
  private void list() throws IOException {
    Set<String> found = new HashSet<>();
    String listed =
        new ListedPages(api, path)
            .read(
                item -> {
                  String name = hand(item);
                  found.add(name);
                  known.add(name);
                });
    long at = Long.parseLong(listed);
    known.stream().filter(name -> !found.contains(name)).forEach(name -> sink.gone(name, at));
    known = found;
    version = listed;
  }

  private void watch() throws IOException {
    HttpUrl url =
        api.url(path)
            .newBuilder()
            .addQueryParameter("watch", "true")
            .addQueryParameter("allowWatchBookmarks", "true")
            .addQueryParameter("timeoutSeconds", Integer.toString(times.watchSeconds()))
            .addQueryParameter("resourceVersion", version)
            .build();
    Call call = api.watch(url, times.readSeconds());
    watch = call;
    if (listWanted() || closed) {
      return;
    }
    long begun = times.nanos().getAsLong();
    try (Response response = call.execute()) {
      if (response.code() == GONE) {
        version = null;
        return;
      }
      if (!response.isSuccessful()) {
        throw new IOException("watch: " + response.code() + " " + response.message());
      }
      pause = FIRST_PAUSE_MILLIS; // that it breaks later is another matter
      ObjectMapper json = api.json();
      MappingIterator<JsonNode> events =
          json.readerFor(JsonNode.class).readValues(response.body().byteStream());
      while (!closed && version != null && events.hasNextValue()) {
        take(events.nextValue());
      }
      endedAfter(times.nanos().getAsLong() - begun);
    }
  }

  /** An end in good order shows that nothing was missed, but not of a watch that never lasted. */
  private void endedAfter(long nanos) {
    if (version != null && nanos >= TimeUnit.SECONDS.toNanos(times.watchSeconds()) / 2) {
      current(times.nanos().getAsLong());
    }
  }

  private void take(JsonNode event) throws IOException {
    String kind = event.path("type").asText();
    JsonNode object = event.path("object");
    switch (kind) {
      case "ADDED", "MODIFIED" -> known.add(hand(object));
      case "DELETED" -> {
        String name = key.apply(object.path("metadata"));
        known.remove(name);
        sink.gone(name, object.path("metadata").path("resourceVersion").asLong());
      }
      case "BOOKMARK" -> LOG.trace("bookmark of {}", path);
      default -> {
        version = null;
        if (object.path("code").asInt() != GONE) {
          throw new IOException("watch of " + path + " answered " + object);
        }
        return;
      }
    }
    version = object.path("metadata").path("resourceVersion").asText(version);
    current(times.nanos().getAsLong());
  }

  /** An object that cannot be read is reported and passed over: the rest goes on. */
  private String hand(JsonNode object) throws IOException {
    String name = key.apply(object.path("metadata"));
    try {
      sink.seen(api.json().treeToValue(object, type));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      LOG.warn("{} {} is passed over: {}", path, name, e.getMessage());
    }
    return name;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    Call open = watch;
    if (open != null) {
      open.cancel();
    }
  }
}
