package dev.lamella.extender.explain;

import dev.lamella.core.explain.Viewer;
import dev.lamella.extender.access.Caller;
import dev.lamella.extender.access.Denied;
import dev.lamella.extender.access.Guard;
import dev.lamella.extender.http.Exchange;

/** Callers see the pods that the API server lets them get. */
public final class GuardedViewers implements Viewers {

  private final Guard guard;

  public GuardedViewers(Guard guard) {
    this.guard = guard;
  }

  @Override
  public Viewer of(Exchange exchange) throws Denied {
    Caller caller =
        guard
            .caller(exchange)
            .orElseThrow(() -> new Denied(401, "a token that the API server knows is needed"));
    if (caller.equals(Caller.ANYONE)) {
      return Viewer.ALL;
    }
    return new RememberedViewer((namespace, name) -> guard.mayGetPod(caller, namespace, name));
  }
}
