package dev.lamella.deviceplugin;

import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.deviceplugin.allocation.AllocationBook;
import dev.lamella.deviceplugin.allocation.Catalogue;
import dev.lamella.deviceplugin.allocation.Hold;
import dev.lamella.deviceplugin.inventory.Inventory;
import dev.lamella.deviceplugin.kubelet.SessionState;
import dev.lamella.deviceplugin.report.Conditions;
import dev.lamella.deviceplugin.report.Labels;
import dev.lamella.deviceplugin.report.NodeFacts;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What the daemon knows at a moment, as report and readiness. */
final class NodeView {

  private static final SessionState STOPPING =
      new SessionState(false, "Stopping", "the daemon stops");

  /** Inventory and catalogue change together. */
  private record Found(Inventory inventory, Catalogue catalogue) {}

  private final AllocationBook book;
  private final Conditions conditions;
  private volatile Found found =
      new Found(Inventory.none("NVML has not been asked yet"), Catalogue.empty());
  private volatile Supplier<SessionState> session =
      () -> new SessionState(false, "Starting", "the kubelet is not served yet");
  private volatile Supplier<String> observed = () -> null;
  private volatile boolean asked;
  private volatile boolean stopping;

  NodeView(AllocationBook book, InstantSource clock) {
    this.book = book;
    this.conditions = new Conditions(clock);
  }

  void found(Inventory inventory, Catalogue catalogue) {
    found = new Found(inventory, catalogue);
    asked = true;
  }

  /** What was found last. */
  Inventory inventory() {
    return found.inventory();
  }

  Catalogue catalogue() {
    return found.catalogue();
  }

  /** The Node's labels; empty before NVML was asked. */
  Optional<Map<String, String>> labels() {
    return asked ? Optional.of(Labels.of(found.inventory())) : Optional.empty();
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

  private SessionState state() {
    if (stopping) {
      return STOPPING;
    }
    Inventory inventory = found.inventory();
    if (inventory.driverVersion() == null) {
      return new SessionState(false, "NoDriver", String.join("; ", inventory.problems()));
    }
    return session.get();
  }

  /** GpuNode's status. */
  GpuNodeStatus report() {
    // Read before the holds: the report may understate how far the watch had come, never overstate.
    String version = observed.get();
    List<Hold> holds = book.holds();
    Found now = found;
    SessionState state = state();
    return new NodeFacts(
            state.serving(),
            version,
            now.inventory(),
            now.catalogue(),
            holds,
            conditions.of(state.serving(), state.reason(), state.message(), now.inventory()))
        .status();
  }

  /** Why pods cannot be served; empty if they can. */
  Optional<String> notReady() {
    SessionState state = state();
    return state.serving()
        ? Optional.empty()
        : Optional.of(state.reason() + ": " + state.message());
  }
}
