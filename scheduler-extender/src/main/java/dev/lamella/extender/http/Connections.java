package dev.lamella.extender.http;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Request;

/**
 * Bounds the open connections. One too many makes the one go that nobody has used for longest; if
 * all have a request under way it goes itself. So nobody keeps kube-scheduler out by opening
 * connections and saying nothing.
 */
final class Connections implements Connection.Listener {

  private final int most;

  /** How many requests are under way on each, the one used last at the end. */
  private final Map<Connection, Integer> open = new LinkedHashMap<>(16, 0.75f, true);

  Connections(int most) {
    this.most = most;
  }

  @Override
  public void onOpened(Connection connection) {
    // Of a TLS connection the one inside counts, which is what requests are known by.
    if (!(connection instanceof SslConnection)) {
      Connection goes;
      synchronized (this) {
        open.put(connection, 0);
        goes = open.size() > most ? unused() : null;
      }
      if (goes != null) {
        goes.getEndPoint().close();
      }
    }
  }

  private Connection unused() {
    Iterator<Map.Entry<Connection, Integer>> all = open.entrySet().iterator();
    Map.Entry<Connection, Integer> next = all.next();
    while (next.getValue() > 0) {
      next = all.next();
    }
    all.remove();
    return next.getKey();
  }

  @Override
  public synchronized void onClosed(Connection connection) {
    open.remove(connection);
  }

  /** A request begins on its connection. */
  void begins(Request request) {
    Connection connection = request.getConnectionMetaData().getConnection();
    add(connection, 1);
    Request.addCompletionListener(request, failure -> add(connection, -1));
  }

  private synchronized void add(Connection connection, int requests) {
    open.computeIfPresent(connection, (key, now) -> now + requests);
  }

  synchronized int count() {
    return open.size();
  }
}
