package dev.lamella.extender.explain;

import dev.lamella.core.explain.Viewer;
import dev.lamella.extender.http.Exchange;
import java.io.IOException;

/** Finds out who asks and what they may see. */
@FunctionalInterface
public interface Viewers {

  /** Does not ask who asks. */
  Viewers EVERYBODY_SEES_ALL = exchange -> Viewer.ALL;

  /**
   * The rights of whoever sent a request; asked about many pods, so they are to be remembered for
   * the request.
   *
   * @throws Exchange.Refused with 401 if they do not say who they are, 403 if they may ask nothing
   */
  Viewer of(Exchange exchange) throws IOException;
}
