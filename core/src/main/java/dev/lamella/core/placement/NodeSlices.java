package dev.lamella.core.placement;

import dev.lamella.core.inventory.Mode;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.SliceState;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The slices of one node while a pod is being placed on it: the ledger's word, less what this pod
 * has been given so far.
 */
final class NodeSlices {

  private final NodeState node;
  private final Map<String, Integer> gpuIndex = new LinkedHashMap<>();
  private final Map<String, Integer> takenShares = new TreeMap<>();
  private final Set<String> takenWhole = new TreeSet<>();

  NodeSlices(NodeState node) {
    this.node = node;
    node.slices().forEach(state -> gpuIndex.putIfAbsent(state.gpu(), gpuIndex.size()));
  }

  /**
   * The slice to give whole: on the GPU with the least left free, so that the others stay whole; a
   * GPU that this pod is on already goes first.
   */
  Optional<SliceState> nextWhole(String profile) {
    return ofProfile(profile).filter(this::freeWhole).min(wholeOrder());
  }

  /** The slice that n shares come from: the fullest shared one that has them, else a free one. */
  Optional<SliceState> nextShared(String profile, int shares) {
    return ofProfile(profile).filter(s -> freeShares(s) >= shares).min(sharedOrder());
  }

  private Comparator<SliceState> wholeOrder() {
    return Comparator.comparing((SliceState state) -> !touched(state.gpu()))
        .thenComparingInt(state -> freeCompute(state.gpu()))
        .thenComparingInt(state -> gpuIndex.get(state.gpu()))
        .thenComparing(state -> state.slice().placement())
        .thenComparing(state -> state.slice().uuid());
  }

  private Comparator<SliceState> sharedOrder() {
    return Comparator.comparing(this::opens)
        .thenComparingInt(this::freeShares)
        .thenComparing(wholeOrder());
  }

  void takeWhole(SliceState state) {
    takenWhole.add(state.slice().uuid());
  }

  void takeShares(SliceState state, int shares) {
    takenShares.merge(state.slice().uuid(), shares, Integer::sum);
  }

  int freeShares(SliceState state) {
    if (takenWhole.contains(state.slice().uuid())) {
      return 0;
    }
    return state.freeShares() - takenShares.getOrDefault(state.slice().uuid(), 0);
  }

  private boolean freeWhole(SliceState state) {
    String uuid = state.slice().uuid();
    return state.freeWhole() && !takenWhole.contains(uuid) && !takenShares.containsKey(uuid);
  }

  /** Whether giving shares of it would open it. */
  private boolean opens(SliceState state) {
    return state.mode() == Mode.FREE && !takenShares.containsKey(state.slice().uuid());
  }

  private boolean touched(String gpu) {
    return taken().anyMatch(state -> state.gpu().equals(gpu));
  }

  private Stream<SliceState> ofProfile(String profile) {
    return node.slices().stream().filter(s -> s.slice().profile().equals(profile));
  }

  private Stream<SliceState> taken() {
    return node.slices().stream().filter(this::isTaken);
  }

  private boolean isTaken(SliceState state) {
    String uuid = state.slice().uuid();
    return takenWhole.contains(uuid) || takenShares.containsKey(uuid);
  }

  /** Compute slices on a GPU that neither the ledger nor this pod holds. */
  private int freeCompute(String gpu) {
    return node.slices().stream()
        .filter(state -> state.gpu().equals(gpu))
        .filter(state -> state.mode() == Mode.FREE && !isTaken(state))
        .mapToInt(state -> state.slice().computeSlices())
        .sum();
  }

  Fit fit() {
    List<SliceState> mine = taken().toList();
    List<String> gpus = mine.stream().map(SliceState::gpu).distinct().toList();
    int opened =
        (int)
            mine.stream()
                .filter(state -> takenShares.containsKey(state.slice().uuid()))
                .filter(state -> state.mode() == Mode.FREE)
                .count();
    int gpusOpened = (int) gpus.stream().filter(this::wasEmpty).count();
    int freeAfter = gpus.stream().mapToInt(this::freeCompute).sum();
    int freeOnNode =
        node.slices().stream()
            .filter(state -> state.mode() == Mode.FREE)
            .mapToInt(state -> state.slice().computeSlices())
            .sum();
    return new Fit(opened, gpusOpened, freeAfter, freeOnNode, node.name());
  }

  private boolean wasEmpty(String gpu) {
    return node.slices().stream()
        .filter(state -> state.gpu().equals(gpu))
        .allMatch(state -> state.mode() == Mode.FREE);
  }
}
