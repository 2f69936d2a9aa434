package dev.lamella.extender.page;

import dev.lamella.extender.access.Access;
import dev.lamella.extender.config.PageConfig;
import dev.lamella.extender.decide.ClusterAccounts;
import dev.lamella.extender.explain.Viewers;
import dev.lamella.extender.http.Endpoint;
import dev.lamella.extender.http.Exchange;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The live map. The page itself says nothing of the cluster and is for everybody; what it shows it
 * asks for with its reader's rights.
 */
public final class PageEndpoints implements AutoCloseable {

  private static final String HOME = "/map/";
  private static final String INDEX = "index.html";

  private static final Map<String, PageFile> FILES =
      Stream.of(
              INDEX,
              "map.css",
              "app.js",
              "draw.js",
              "feed.js",
              "nodes.js",
              "side.js",
              "words.js",
              "icon.svg")
          .map(PageFile::of)
          .collect(Collectors.toUnmodifiableMap(PageFile::name, Function.identity()));

  private final Viewers viewers;
  private final BooleanSupplier ready;
  private final StateFeed feed;

  /**
   * @param viewers who asks and what they may see
   * @param ready whether everything that decides has been seen
   * @param epoch another text for each start of the program
   */
  public PageEndpoints(
      ClusterAccounts accounts,
      Viewers viewers,
      BooleanSupplier ready,
      PageConfig config,
      String epoch) {
    this(accounts, viewers, ready, Pace.of(config.listeners(), config.listenSeconds()), epoch);
  }

  PageEndpoints(
      ClusterAccounts accounts, Viewers viewers, BooleanSupplier ready, Pace pace, String epoch) {
    this.viewers = viewers;
    this.ready = ready;
    this.feed = new StateFeed(accounts, pace, epoch);
  }

  /** {@code /}, {@code /map/} and {@code /state/events}. */
  public List<Endpoint> all() {
    return List.of(
        Endpoint.of("/", Access.ANYONE, PageEndpoints::home),
        Endpoint.of("/map", Access.ANYONE, exchange -> redirect(exchange, "map/")),
        Endpoint.of(HOME, Access.ANYONE, PageEndpoints::file),
        Endpoint.of("/state/events", this::events));
  }

  private static void home(Exchange exchange) throws IOException {
    if (exchange.path().equals("/")) {
      redirect(exchange, "map/");
    } else {
      exchange.text(404, exchange.path() + " is not served here");
    }
  }

  /** Relative, so that it leads there from behind a proxy too. */
  private static void redirect(Exchange exchange, String to) throws IOException {
    exchange.require("GET");
    exchange.with("Location", to).text(302, to);
  }

  private static void file(Exchange exchange) throws IOException {
    exchange.require("GET");
    String name = exchange.path().substring(HOME.length());
    PageFile file = FILES.get(name.isEmpty() ? INDEX : name);
    if (file == null) {
      exchange.text(404, exchange.path() + " is not served here");
      return;
    }
    exchange
        .with("Content-Security-Policy", PageFile.POLICY)
        .with("X-Content-Type-Options", "nosniff")
        .with("Referrer-Policy", "no-referrer")
        .with("Cache-Control", "no-cache")
        .answer(200, file.type(), file.content());
  }

  private void events(Exchange exchange) throws IOException {
    exchange.require("GET");
    if (!ready.getAsBoolean()) {
      throw new Exchange.Refused(503, "the extender has not seen the whole cluster yet");
    }
    feed.listen(exchange, viewers.of(exchange));
  }

  /** How many listen to events. */
  int listening() {
    return feed.listening();
  }

  @Override
  public void close() {
    feed.close();
  }
}
