package dev.lamella.core.explain;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.amount.Cap;
import dev.lamella.core.explain.ClusterState.Gpu;
import dev.lamella.core.explain.ClusterState.Node;
import dev.lamella.core.explain.ClusterState.Page;
import dev.lamella.core.explain.ClusterState.SliceLine;
import dev.lamella.core.explain.ClusterState.TenantState;
import dev.lamella.core.explain.ClusterState.WaitingPod;
import dev.lamella.core.geometry.Board;
import dev.lamella.core.geometry.Boards;
import dev.lamella.core.inventory.Mode;
import dev.lamella.core.inventory.Slice;
import dev.lamella.core.ledger.GpuKind;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.Reservation;
import dev.lamella.core.ledger.SliceState;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.ledger.TenantUsage;
import dev.lamella.core.quota.Lending;
import dev.lamella.core.tenancy.Tenant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the state of the cluster off a snapshot. */
public final class ClusterStates {

  private static final String VENDOR = "NVIDIA ";
  private static final int SEVEN = 7;
  private static final int EIGHT = 8;

  private final Snapshot snapshot;
  private final Collection<Waiting> waiting;
  private final Holders holders;

  private ClusterStates(Snapshot snapshot, Collection<Waiting> waiting, Viewer viewer) {
    this.snapshot = snapshot;
    this.waiting = waiting;
    this.holders = new Holders(snapshot, viewer);
  }

  /**
   * The state that a viewer may know.
   *
   * @param waiting pods that wait for slices, in any order
   */
  public static ClusterState of(
      Snapshot snapshot, Collection<Waiting> waiting, Viewer viewer, Page page) {
    return new ClusterStates(snapshot, waiting, viewer).state(page);
  }

  /**
   * The same, of some nodes.
   *
   * @param names of nodes; those that are not known are left out
   * @param most how many waiting pods
   */
  public static ClusterState of(
      Snapshot snapshot,
      Collection<Waiting> waiting,
      Viewer viewer,
      Collection<String> names,
      int most) {
    List<NodeState> shown =
        names.stream().sorted().flatMap(name -> snapshot.node(name).stream()).toList();
    int total = (int) snapshot.nodes().stream().filter(NodeState::known).count();
    return new ClusterStates(snapshot, waiting, viewer)
        .state(shown.stream().filter(NodeState::known).toList(), total, null, most);
  }

  private ClusterState state(Page page) {
    List<NodeState> known = snapshot.nodes().stream().filter(NodeState::known).toList();
    List<NodeState> behind =
        known.stream().filter(node -> node.name().compareTo(page.after()) > 0).toList();
    List<NodeState> shown = behind.stream().limit(page.most()).toList();
    String next = shown.size() < behind.size() ? shown.get(shown.size() - 1).name() : null;
    return state(shown, known.size(), next, page.most());
  }

  private ClusterState state(List<NodeState> shown, int total, String next, int most) {
    List<WaitingPod> seen = new ArrayList<>();
    Map<String, Integer> unseen = new TreeMap<>();
    waiting.stream()
        .sorted(
            Comparator.comparing((Waiting w) -> w.offer().map(Offer::since).orElse(Long.MAX_VALUE))
                .thenComparing(w -> w.pod().ref().toString())
                .thenComparing(w -> w.pod().ref().uid()))
        .forEach(
            w -> {
              if (holders.sees(w.pod().ref())) {
                seen.add(pod(w));
              } else {
                unseen.merge(tenant(w).name(), 1, Integer::sum);
              }
            });
    return new ClusterState(
        ClusterState.VERSION,
        shown.stream().map(this::node).toList(),
        total,
        next,
        tenants(),
        seen.stream().limit(most).toList(),
        unseen);
  }

  private Tenant tenant(Waiting pod) {
    return snapshot.tenants().of(pod.pod().ref().namespace());
  }

  private Node node(NodeState node) {
    List<Gpu> gpus = new ArrayList<>();
    Map<String, List<SliceLine>> slices = new LinkedHashMap<>();
    node.slices()
        .forEach(
            state ->
                slices
                    .computeIfAbsent(state.gpu(), gpu -> new ArrayList<>())
                    .add(slice(node, state)));
    for (Map.Entry<String, GpuKind> gpu : node.gpus().entrySet()) {
      GpuKind kind = gpu.getValue();
      Optional<Board> board = board(kind.model());
      gpus.add(
          new Gpu(
              gpu.getKey(),
              gpus.size(),
              kind.model(),
              board.map(Board::computeSlices).orElse(SEVEN),
              Math.max(1, board.map(Board::memorySlices).orElse(EIGHT)),
              kind.numaNode().isPresent() ? kind.numaNode().getAsInt() : null,
              slices.getOrDefault(gpu.getKey(), List.of())));
    }
    return new Node(node.name(), node.serving(), gpus);
  }

  private static Optional<Board> board(String model) {
    return Boards.byModel(model.startsWith(VENDOR) ? model.substring(VENDOR.length()) : model);
  }

  private SliceLine slice(NodeState node, SliceState state) {
    Slice slice = state.slice();
    String awaits = awaits(state);
    return new SliceLine(
        slice.uuid(),
        slice.profile(),
        slice.placement().start(),
        slice.placement().size(),
        slice.computeSlices(),
        slice.memoryMiB(),
        slice.health().text(),
        state.trouble().isEmpty() ? null : state.trouble(),
        state.cordoned(),
        state.advertised(),
        state.mode().text(),
        awaits != null,
        awaits,
        state.sharesUsed(),
        state.sharesTotal(),
        holders.of(node, state, Optional.empty()));
  }

  /** What only the node's report opens again; null if there is no such thing. */
  private static String awaits(SliceState state) {
    if (state.doubtful()) {
      return "its node refused a pod here: nobody gets any of it before the node's next report";
    }
    if (state.mode() != Mode.FREE || state.residue() == Mode.FREE) {
      return null;
    }
    return state.residue() == Mode.WHOLE
        ? "it was held whole: it is shared only after the node's next report"
        : "it was shared: it is given whole only after the node's next report";
  }

  private List<TenantState> tenants() {
    List<TenantState> list = new ArrayList<>();
    Map<String, Integer> waits = new HashMap<>();
    waiting.forEach(w -> waits.merge(tenant(w).name(), 1, Integer::sum));
    Map<String, Amount> lent = Lending.byTenant(snapshot);
    snapshot.tenants().all().forEach(tenant -> list.add(tenant(tenant, lent, waits)));
    TenantState unclaimed = tenant(Tenant.UNCLAIMED, lent, waits);
    if (unclaimed.pods() > 0 || unclaimed.waiting() > 0) {
      list.add(unclaimed);
    }
    return list;
  }

  private TenantState tenant(Tenant tenant, Map<String, Amount> lent, Map<String, Integer> waits) {
    TenantUsage usage = snapshot.usage(tenant);
    Amount guaranteed = usage.guaranteedUsed();
    return new TenantState(
        tenant.name(),
        tenant.tenantClass().text(),
        tenant.priority(),
        tenant.cohort(),
        Amounts.of(tenant.quota().guaranteed().orElse(Cap.UNLIMITED)),
        Amounts.of(tenant.quota().limit()),
        Amounts.of(usage.used()),
        Amounts.of(guaranteed),
        Amounts.of(usage.used().minus(guaranteed)),
        Amounts.of(lent.getOrDefault(tenant.name(), Amount.ZERO)),
        usage.ranked().size(),
        waits.getOrDefault(tenant.name(), 0));
  }

  private WaitingPod pod(Waiting waiting) {
    Map<String, Integer> needs = new LinkedHashMap<>();
    waiting.pod().needs().totals().forEach((resource, n) -> needs.put(resource.text(), n));
    Optional<Reservation> kept = snapshot.reservation(waiting.pod().ref().uid());
    return new WaitingPod(
        waiting.pod().ref().namespace(),
        waiting.pod().ref().name(),
        tenant(waiting).name(),
        needs,
        waiting.pod().priority(),
        waiting.offer().map(Offer::since).orElse(null),
        kept.isPresent() ? "slices are being freed for it" : reason(waiting),
        kept.map(Reservation::node).orElse(null));
  }

  private static String reason(Waiting waiting) {
    return waiting
        .offer()
        .flatMap(offer -> offer.why().keySet().stream().findFirst())
        .orElse("kube-scheduler has not asked about it, or it fits by now");
  }
}
