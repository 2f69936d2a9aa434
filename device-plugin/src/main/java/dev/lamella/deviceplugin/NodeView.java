package dev.lamella.deviceplugin;

import dev.lamella.deviceplugin.allocation.AllocationBook;
import dev.lamella.deviceplugin.allocation.Catalogue;
import dev.lamella.deviceplugin.allocation.Hold;
import dev.lamella.deviceplugin.inventory.Inventory;
import dev.lamella.deviceplugin.kubelet.SessionState;
import dev.lamella.deviceplugin.report.Conditions;
import dev.lamella.deviceplugin.report.Labels;
import dev.lamella.deviceplugin.report.NodeFacts;
import dev.lamella.deviceplugin.report.Report;
import dev.lamella.deviceplugin.report.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** What the daemon knows at a moment, as report and readiness. */
final class NodeView {

  private static final Offering NOT_ASKED = Offering.none("NVML has not been asked yet");

  private static final SessionState STARTING =
      new SessionState(false, "Starting", "NVML has not been asked yet");

  private static final SessionState STOPPING =
      new SessionState(false, "Stopping", "the daemon stops");

  /** The type of the statement that {@link #states} makes of the configuration. */
  static final String CONFIGURED = "Configured";

  private final AllocationBook book;
  private final Conditions conditions;
  private final AtomicReference<Offering> found = new AtomicReference<>(NOT_ASKED);
  private volatile Supplier<List<Statement>> more = List::of;
  private volatile Set<String> cordoned = Set.of();
  private volatile Supplier<SessionState> session =
      () -> new SessionState(false, "Starting", "the kubelet is not served yet");
  private volatile Supplier<String> observed = () -> null;
  private volatile boolean stopping;

  NodeView(AllocationBook book, InstantSource clock) {
    this.book = book;
    this.conditions = new Conditions(clock);
  }

  void found(Offering offering) {
    found.set(offering);
  }

  /** What was found last. */
  Inventory inventory() {
    return found.get().inventory();
  }

  Catalogue catalogue() {
    return found.get().catalogue();
  }

  /** What else the report says of this moment. */
  void states(Supplier<List<Statement>> statements) {
    more = statements;
  }

  /** The operator keeps new pods away from these GPUs and slices, by UUID. */
  void cordoned(Set<String> uuids) {
    cordoned = Set.copyOf(uuids);
  }

  /** The Node's labels; empty before NVML was asked. */
  Optional<Map<String, String>> labels() {
    Offering now = found.get();
    return now != NOT_ASKED
        ? Optional.of(Labels.of(now.inventory(), now.strategy(), now.naming()))
        : Optional.empty();
  }

  void session(Supplier<SessionState> state) {
    session = state;
  }

  /**
   * @param version how far the pod watch had come when the latest reading was started
   */
  void observed(Supplier<String> version) {
    observed = version;
  }

  void stopping() {
    stopping = true;
  }

  private SessionState state(Offering now) {
    if (stopping) {
      return STOPPING;
    }
    if (now == NOT_ASKED) {
      return STARTING;
    }
    Inventory inventory = now.inventory();
    if (inventory.driverVersion() == null) {
      return new SessionState(false, "NoDriver", String.join("; ", inventory.problems()));
    }
    return session.get();
  }

  /** What is written to the GpuNode. */
  Report report() {
    // Read before the holds: the report may understate how far the watch had come, never overstate.
    String version = observed.get();
    List<Hold> holds = book.holds();
    Offering now = found.get();
    SessionState state = state(now);
    NodeFacts facts =
        new NodeFacts(
            state.serving(),
            version,
            now.inventory(),
            now.catalogue(),
            holds,
            conditions.of(statements(state, now)));
    return new Report(facts.status(), now != NOT_ASKED);
  }

  private List<Statement> statements(SessionState state, Offering now) {
    List<Statement> statements = new ArrayList<>(more.get());
    statements.add(new Statement("Ready", state.serving(), state.reason(), state.message()));
    if (now == NOT_ASKED) {
      return statements;
    }
    String problems = String.join("; ", now.problems());
    statements.add(Statement.unless(problems, "InventoryComplete", "AllAnswered", "PartlyKnown"));
    String unnamed = String.join("; ", now.naming().problems());
    statements.add(Statement.unless(unnamed, "SlicesOffered", "AllOffered", "LeftOut"));
    if (!now.sharesWaiting().isEmpty()) {
      statements.removeIf(one -> one.type().equals(CONFIGURED) && one.holds());
      String waiting = String.join("; ", now.sharesWaiting());
      statements.add(new Statement(CONFIGURED, false, "AwaitsPods", waiting));
    }
    statements.add(cordon(now));
    return statements;
  }

  private Statement cordon(Offering now) {
    Set<String> uuids = new TreeSet<>(cordoned);
    Set<String> known = new HashSet<>(now.inventory().addresses().keySet());
    now.inventory().gpus().forEach(gpu -> known.add(gpu.uuid()));
    Set<String> unknown = new TreeSet<>(uuids);
    unknown.removeAll(known);
    uuids.retainAll(known);
    String kept =
        uuids.isEmpty() ? "" : "the operator keeps new pods away from " + String.join(", ", uuids);
    String odd =
        unknown.isEmpty() ? "" : String.join(", ", unknown) + " stands for nothing on this node";
    String message = kept.isEmpty() || odd.isEmpty() ? kept + odd : kept + "; " + odd;
    return new Statement("Cordoned", !uuids.isEmpty(), reason(uuids, unknown), message);
  }

  private static String reason(Set<String> uuids, Set<String> unknown) {
    if (uuids.isEmpty() && unknown.isEmpty()) {
      return "NotAskedFor";
    }
    return unknown.isEmpty() ? "AskedFor" : "PartlyUnknown";
  }

  /** Why pods cannot be served; empty if they can. */
  Optional<String> notReady() {
    SessionState state = state(found.get());
    return state.serving()
        ? Optional.empty()
        : Optional.of(state.reason() + ": " + state.message());
  }
}
