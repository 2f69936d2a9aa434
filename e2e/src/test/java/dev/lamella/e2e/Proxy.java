package dev.lamella.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A port that leads to whichever port is named at the moment, as a Service does: a connection that
 * stands stays where it is. It can also be a bad network: slow, cut, or away; and it can lose the
 * answer to a request that has arrived.
 */
final class Proxy implements AutoCloseable {

  private final ServerSocket listening;
  private final Callable<Integer> target;
  private final Set<ProxyLink> links = ConcurrentHashMap.newKeySet();
  private final AtomicInteger toLose = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile Duration delay = Duration.ZERO;
  private volatile boolean away;

  private Proxy(ServerSocket listening, Callable<Integer> target) {
    this.listening = listening;
    this.target = target;
  }

  /**
   * Starts to listen.
   *
   * @param target asked for each connection; if it throws, the connection is closed
   */
  static Proxy start(Callable<Integer> target) throws IOException {
    Proxy proxy = new Proxy(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")), target);
    thread(proxy::accept);
    return proxy;
  }

  String url() {
    return "http://" + address();
  }

  /** The same for a server that speaks TLS: it is not ended here. */
  String secureUrl() {
    return "https://" + address();
  }

  private String address() {
    return "127.0.0.1:" + listening.getLocalPort();
  }

  /** From now on each piece of data takes so much longer, either way. */
  void delay(Duration each) {
    delay = each;
  }

  Duration delay() {
    return delay;
  }

  /** Ends all connections. */
  void cut() {
    for (ProxyLink link : Set.copyOf(links)) {
      link.cut();
      cuts.incrementAndGet();
    }
  }

  /** Ends all connections and, until it is said to be back, each new one. */
  void away(boolean gone) {
    away = gone;
    if (gone) {
      cut();
    }
  }

  /** Passes on so many of the writes that come next, but not what is answered to them. */
  void loseAnswers(int times) {
    toLose.set(times);
  }

  /** Whether the answer to a write is to be lost; it counts as lost then. */
  boolean losesNext() {
    boolean loses = toLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    if (loses) {
      lost.incrementAndGet();
    }
    return loses;
  }

  /** Connections that were cut, those with a lost answer not among them. */
  int cuts() {
    return cuts.get();
  }

  /** Writes that were passed on without an answer. */
  int lost() {
    return lost.get();
  }

  static void thread(Runnable task) {
    Thread thread = new Thread(task, "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        thread(() -> connect(client));
      } catch (IOException e) {
        if (!listening.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void connect(Socket client) {
    try {
      ProxyLink link = new ProxyLink(this, client, new Socket("127.0.0.1", target.call()));
      links.add(link);
      if (away) {
        link.cut();
      }
      link.run();
      links.remove(link);
    } catch (Exception e) {
      ProxyLink.close(client);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
