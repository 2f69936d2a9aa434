package dev.lamella.extender.page;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lamella.core.explain.Viewer;
import dev.lamella.extender.decide.ClusterAccounts;
import dev.lamella.extender.http.Exchange;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners what changes. One thread makes frames, while anybody listens; two put events
 * together, since asking what somebody may see can take its time.
 */
final class StateFeed implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StateFeed.class);
  private static final int WRITERS = 2;

  private final ClusterAccounts accounts;
  private final Pace pace;
  private final String epoch;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicInteger places = new AtomicInteger();
  private final ScheduledExecutorService clock;
  private final ExecutorService writers;
  private final ObjectMapper json =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .build();
  private final Map<Wanted, byte[]> written = new ConcurrentHashMap<>();
  private volatile Frame frame = Frame.EMPTY;

  /** An event as those want it who see everything. */
  private record Wanted(long frame, long since, int part) {}

  /**
   * @param epoch in which frames are numbered; another one for each feed
   */
  StateFeed(ClusterAccounts accounts, Pace pace, String epoch) {
    this.accounts = accounts;
    this.pace = pace;
    this.epoch = epoch;
    this.clock = Executors.newSingleThreadScheduledExecutor(task -> thread(task, "state-feed"));
    this.writers = Executors.newFixedThreadPool(WRITERS, task -> thread(task, "state-events"));
    clock.scheduleWithFixedDelay(
        this::tick, pace.everyMillis(), pace.everyMillis(), TimeUnit.MILLISECONDS);
  }

  private static Thread thread(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Listens for as long as it is allowed.
   *
   * @throws Exchange.Refused if too many do
   */
  void listen(Exchange exchange, Viewer viewer) throws Exchange.Refused {
    if (places.incrementAndGet() > pace.listeners()) {
      places.decrementAndGet();
      throw new Exchange.Refused(
          503, "%d listen already (page.listeners), try again".formatted(pace.listeners()));
    }
    long seen = seen(exchange.header("Last-Event-ID"), viewer);
    exchange.with("Cache-Control", "no-store").with("X-Accel-Buffering", "no");
    Listener listener =
        new Listener(
            exchange.flow("text/event-stream; charset=utf-8"),
            viewer,
            seen,
            this::event,
            writers,
            pace,
            StateFeed::now);
    clock.execute(() -> greet(listener));
  }

  /** While others listen, the frame is hardly old. */
  private void greet(Listener listener) {
    boolean first = listeners.isEmpty();
    listeners.add(listener);
    if (first) {
      tick();
    } else {
      listener.attend(frame);
    }
  }

  /** How many listen. */
  int listening() {
    return places.get();
  }

  /** Whoever sees only some may see more than when it got its frame: it gets everything. */
  private long seen(Optional<String> id, Viewer viewer) {
    String prefix = epoch + "-";
    if (viewer != Viewer.ALL || id.filter(text -> text.startsWith(prefix)).isEmpty()) {
      return Frame.NOTHING;
    }
    try {
      long number = Long.parseLong(id.get().substring(prefix.length()));
      Frame now = frame;
      return number >= now.oldest() && number <= now.number() ? number : Frame.NOTHING;
    } catch (NumberFormatException e) {
      return Frame.NOTHING;
    }
  }

  private void tick() {
    try {
      listeners.stream().filter(Listener::over).forEach(this::remove);
      if (!listeners.isEmpty()) {
        look();
        listeners.forEach(listener -> listener.attend(frame));
      }
    } catch (TimeoutException e) {
      LOG.debug("the ledger is busy: later");
    } catch (RuntimeException e) {
      LOG.error("listeners are not told of a change", e);
    }
  }

  private void remove(Listener listener) {
    if (listeners.remove(listener)) {
      places.decrementAndGet();
    }
  }

  private void look() throws TimeoutException {
    Frame next = frame.next(accounts.all());
    if (next != frame) {
      frame = next;
      written.clear();
    }
  }

  private byte[] event(Frame frame, long since, int part, Viewer viewer) {
    return viewer == Viewer.ALL && frame == this.frame
        ? written.computeIfAbsent(
            new Wanted(frame.number(), since, part), wanted -> write(frame, since, part, viewer))
        : write(frame, since, part, viewer);
  }

  private byte[] write(Frame frame, long since, int part, Viewer viewer) {
    Change change = frame.part(since, part, viewer);
    String id = change.more() ? "" : "id: %s-%d\n".formatted(epoch, frame.number());
    try {
      return (id + "event: change\ndata: " + json.writeValueAsString(change) + "\n\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long now() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  @Override
  public void close() {
    clock.shutdownNow();
    writers.shutdownNow();
    listeners.forEach(listener -> listener.drop(new CancellationException("the program ends")));
  }
}
