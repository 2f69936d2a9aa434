package dev.lamella.core.ledger;

import dev.lamella.core.inventory.Mode;
import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.List;

/**
 * What a node could give now of its slices of one kind, counted. Immutable; worked out once, when
 * the node changes, so that most nodes of a large cluster are judged by a few numbers that lie side
 * by side instead of slice by slice.
 */
public final class Vacancy {

  /** Of a kind that a node does not have. */
  static final Vacancy NONE = new Vacancy(List.of(), 0, 0);

  private final List<SliceState> choices;
  private final int slices;
  private final int wholes;
  private final int shares;
  private final int sharedSlices;
  private final int wholesAwaited;
  private final int sharesAwaited;
  private final int wholesAdmitted;
  private final int sharesAdmitted;

  /** What one slice of the kind is charged as. */
  private final int sharesTotal;

  private final int computeSlices;
  private final long memoryMiB;
  private final String profile;

  /**
   * @param ofKind the node's slices of the kind, in its order
   * @param wholesAdmitted whole ones that its kubelet would still admit
   * @param sharesAdmitted shares that its kubelet would still admit
   */
  Vacancy(List<SliceState> ofKind, int wholesAdmitted, int sharesAdmitted) {
    this.choices = choices(ofKind);
    this.slices = ofKind.size();
    this.wholesAdmitted = wholesAdmitted;
    this.sharesAdmitted = sharesAdmitted;
    this.wholes = (int) ofKind.stream().filter(SliceState::freeWhole).count();
    this.shares = ofKind.stream().mapToInt(SliceState::freeShares).sum();
    this.sharedSlices = (int) ofKind.stream().filter(slice -> slice.freeShares() > 0).count();
    this.wholesAwaited = awaited(ofKind, Mode.WHOLE);
    this.sharesAwaited = awaited(ofKind, Mode.SHARED);
    SliceState first = ofKind.isEmpty() ? null : ofKind.get(0);
    this.sharesTotal = first == null ? 0 : first.sharesTotal();
    this.computeSlices = first == null ? 0 : first.slice().computeSlices();
    this.memoryMiB = first == null ? 0 : first.slice().memoryMiB();
    this.profile = first == null ? "" : first.slice().profile();
  }

  private static List<SliceState> choices(List<SliceState> slices) {
    List<SliceState> choices = new ArrayList<>();
    int firstOfGpu = 0;
    for (SliceState state : slices) {
      if (state.freeWhole() || state.freeShares() > 0) {
        boolean sameGpu =
            firstOfGpu < choices.size() && choices.get(firstOfGpu).gpu().equals(state.gpu());
        firstOfGpu = sameGpu ? firstOfGpu : choices.size();
        if (choices.subList(firstOfGpu, choices.size()).stream().noneMatch(state::givesAs)) {
          choices.add(state);
        }
      }
    }
    return List.copyOf(choices);
  }

  private static int awaited(List<SliceState> slices, Mode mode) {
    return (int) slices.stream().filter(slice -> slice.awaitsReportFor(mode)).count();
  }

  /**
   * The slices among which a pod chooses that has nothing of the node yet, in the node's order: of
   * those of one GPU that could give it the same the first, and none that has nothing to give.
   */
  public List<SliceState> choices() {
    return choices;
  }

  /** Whether the node has no slice of the kind. */
  public boolean absent() {
    return slices == 0;
  }

  /**
   * Whether so many devices could be given, if nothing else is asked of these slices. Shares may
   * always be divided among slices, unless they are to lie apart.
   *
   * @param resource of this kind
   * @param apart whether no two shares may lie on one slice
   */
  public boolean gives(ResourceName resource, int count, boolean apart) {
    int most = !resource.shared() ? wholes : apart ? sharedSlices : shares;
    return count <= most;
  }

  /** Whether the kubelet would admit so many more, which it counts again on admission. */
  public boolean admits(ResourceName resource, int count) {
    return count <= (resource.shared() ? sharesAdmitted : wholesAdmitted);
  }

  /**
   * Slices that stand free, but in a mode that only the node's word can change to the one asked.
   */
  public int awaited(ResourceName resource) {
    return resource.shared() ? sharesAwaited : wholesAwaited;
  }

  /** All counts, for those who may see them. */
  public String account() {
    return "%d slices: %d can be given whole, %d shares are free".formatted(slices, wholes, shares);
  }

  /** Whether a slice of the kind is charged the same on both nodes, which must have one. */
  boolean chargesAs(Vacancy other) {
    return slices > 0
        && other.slices > 0
        && sharesTotal == other.sharesTotal
        && computeSlices == other.computeSlices
        && memoryMiB == other.memoryMiB
        && profile.equals(other.profile);
  }
}
