package dev.lamella.extender.page;

import dev.lamella.core.explain.ClusterState;
import dev.lamella.core.explain.ClusterState.Node;
import dev.lamella.core.explain.ClusterState.Page;
import dev.lamella.core.explain.ClusterState.TenantState;
import dev.lamella.core.explain.ClusterStates;
import dev.lamella.core.explain.Viewer;
import dev.lamella.extender.decide.ClusterAccounts.Account;
import java.util.List;
import java.util.Map;

/**
 * The cluster at one moment, and how it came to be. Immutable.
 *
 * <p>What changed is found in the state that somebody sees who sees everything. What others see is
 * a part of that, so it changes with it or not at all.
 *
 * @param number higher than that of the frame before
 * @param oldest changes are known since this frame
 * @param waitingChanged the frame in which something changed about pods that wait
 */
record Frame(
    long number,
    long oldest,
    Account account,
    Dated<Node> nodes,
    Dated<TenantState> tenants,
    ClusterState all,
    long waitingChanged) {

  /** Of who has nothing yet. */
  static final long NOTHING = -1;

  /** How many frames back what went is remembered. */
  private static final long REMEMBERED = 1_000;

  /** Nodes in one event: with eight GPUs a node, a megabyte. */
  private static final int NODES_AT_ONCE = 100;

  private static final int WAITING_SHOWN = 500;

  static final Frame EMPTY =
      new Frame(
          0,
          0,
          null,
          Dated.none(),
          Dated.none(),
          new ClusterState(0, List.of(), 0, null, List.of(), List.of(), Map.of()),
          0);

  /** The frame after this one; this one if nothing changed that is shown. */
  Frame next(Account account) {
    ClusterState state =
        ClusterStates.of(account.snapshot(), account.waiting(), Viewer.ALL, Page.ALL);
    if (state.equals(all)) {
      return this;
    }
    long frame = number + 1;
    long forget = Math.max(oldest, frame - REMEMBERED);
    boolean waits =
        !state.waiting().equals(all.waiting())
            || !state.waitingUnseen().equals(all.waitingUnseen());
    return new Frame(
        frame,
        forget,
        account,
        nodes.next(state.nodes(), Node::name, frame, forget),
        tenants.next(state.tenants(), TenantState::name, frame, forget),
        state,
        waits ? frame : waitingChanged);
  }

  /** Into how many events what changed since a frame is cut; at least one. */
  int parts(long since) {
    return Math.max(1, (nodes.since(since).size() + NODES_AT_ONCE - 1) / NODES_AT_ONCE);
  }

  /**
   * One event of what changed since a frame.
   *
   * @param since {@link #NOTHING} for everything
   * @param part from 0; the first has what is not nodes
   * @throws java.io.UncheckedIOException if nobody can say what the viewer may see
   */
  Change part(long since, int part, Viewer viewer) {
    List<String> names = nodes.since(since);
    List<String> some =
        names.subList(part * NODES_AT_ONCE, Math.min(names.size(), (part + 1) * NODES_AT_ONCE));
    boolean first = part == 0;
    boolean waits = first && waitingChanged > since;
    ClusterState seen = of(viewer, some, waits);
    List<String> changed = first ? tenants.since(since) : List.of();
    return new Change(
        Change.VERSION,
        first && since == NOTHING,
        part + 1 < parts(since),
        seen.nodesTotal(),
        seen.nodes(),
        first && since != NOTHING ? nodes.goneSince(since) : List.of(),
        changed.stream().map(tenants.now()::get).toList(),
        first && since != NOTHING ? tenants.goneSince(since) : List.of(),
        waits ? seen.waiting() : null,
        waits ? seen.waitingUnseen() : null);
  }

  private ClusterState of(Viewer viewer, List<String> some, boolean waits) {
    return ClusterStates.of(
        account.snapshot(), waits ? account.waiting() : List.of(), viewer, some, WAITING_SHOWN);
  }
}
