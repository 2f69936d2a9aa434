package dev.lamella.core.ledger;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.inventory.Mode;
import dev.lamella.core.inventory.Slice;
import dev.lamella.core.resource.ResourceName;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** A slice and who holds it. Immutable; what is asked of it often is worked out once. */
public final class SliceState {

  private final String gpu;
  private final Slice slice;
  private final Advertised advertised;
  private final boolean cordoned;
  private final String trouble;
  private final int sharesTotal;
  private final List<SliceHold> holds;
  private final Mode residue;
  private final boolean doubtful;
  private final Mode mode;
  private final int sharesUsed;
  private final boolean freeWhole;
  private final int freeShares;

  /**
   * @param gpu the UUID of its GPU
   * @param advertised under which name its node offers it
   * @param cordoned whether the operator keeps new pods away
   * @param trouble why it is unhealthy, as its node says; empty if it is not, or nobody knows
   * @param sharesTotal into how many shares it is cut when shared
   * @param holds in any order; empty if it is free
   * @param residue the mode of holders that ended but that the node's report has not yet named as
   *     gone; the slice may be reused in that mode only. FREE if there is none
   * @param doubtful whether a pod that was given it was refused there and the node's report has not
   *     come since: nobody gets any of it before, since the next one would be refused as well
   */
  SliceState(
      String gpu,
      Slice slice,
      Advertised advertised,
      boolean cordoned,
      String trouble,
      int sharesTotal,
      List<SliceHold> holds,
      Mode residue,
      boolean doubtful) {
    this.gpu = Objects.requireNonNull(gpu, "gpu");
    this.slice = Objects.requireNonNull(slice, "slice");
    this.advertised = Objects.requireNonNull(advertised, "advertised");
    this.cordoned = cordoned;
    this.trouble = Objects.requireNonNull(trouble, "trouble");
    this.sharesTotal = sharesTotal;
    this.holds = holds.stream().sorted(SliceHold.ORDER).toList();
    this.residue = Objects.requireNonNull(residue, "residue");
    this.doubtful = doubtful;
    this.mode = mode(this.holds);
    this.sharesUsed = this.holds.stream().mapToInt(SliceHold::shares).sum();
    this.freeWhole = mode == Mode.FREE && residue != Mode.SHARED && open() && !doubtful;
    boolean closedToShares = mode == Mode.WHOLE || (mode == Mode.FREE && residue == Mode.WHOLE);
    this.freeShares =
        closedToShares || doubtful || !open() ? 0 : Math.max(0, sharesTotal - sharesUsed);
  }

  private static Mode mode(List<SliceHold> holds) {
    if (holds.isEmpty()) {
      return Mode.FREE;
    }
    return holds.stream().anyMatch(SliceHold::whole) ? Mode.WHOLE : Mode.SHARED;
  }

  SliceState with(List<SliceHold> newHolds, Mode newResidue, boolean inDoubt) {
    if (newHolds.equals(holds) && newResidue == residue && inDoubt == doubtful) {
      return this;
    }
    return new SliceState(
        gpu, slice, advertised, cordoned, trouble, sharesTotal, newHolds, newResidue, inDoubt);
  }

  SliceState without(Set<String> uids) {
    List<SliceHold> left = holds.stream().filter(h -> !uids.contains(h.pod().uid())).toList();
    return left.size() == holds.size() ? this : with(left, residue, doubtful);
  }

  /** The UUID of its GPU. */
  public String gpu() {
    return gpu;
  }

  public Slice slice() {
    return slice;
  }

  /**
   * The profile that pods ask for to get it: its own, or {@code gpu} on a node that names all of
   * its slices so.
   */
  public String kind() {
    return advertised.kind();
  }

  /** By which pods ask for it, or for a share of it. */
  ResourceName resource(boolean shared) {
    return shared ? advertised.share() : advertised.whole();
  }

  /** Whether its node offers it under any name. */
  public boolean advertised() {
    return advertised.offered();
  }

  /** Whether the operator keeps new pods away. */
  public boolean cordoned() {
    return cordoned;
  }

  /** Why it is unhealthy, as its node says; empty if it is not, or nobody knows. */
  public String trouble() {
    return trouble;
  }

  /** Into how many shares it is cut when shared. */
  public int sharesTotal() {
    return sharesTotal;
  }

  /** By pod UID. */
  public List<SliceHold> holds() {
    return holds;
  }

  public Mode mode() {
    return mode;
  }

  /** The mode of holders that ended but that the node's report has not named as gone; or FREE. */
  public Mode residue() {
    return residue;
  }

  public int sharesUsed() {
    return sharesUsed;
  }

  /** Whether new pods may get any of it. */
  public boolean open() {
    return slice.healthy() && !cordoned && advertised.offered();
  }

  /** Whether it can be given whole now. */
  public boolean freeWhole() {
    return freeWhole;
  }

  /** How many shares of it can be given now. */
  public int freeShares() {
    return freeShares;
  }

  /** Whether it can give now the same as another one of its GPU and kind. */
  boolean givesAs(SliceState other) {
    return freeWhole == other.freeWhole && freeShares == other.freeShares && mode == other.mode;
  }

  /** Whether nobody gets any of it until the node has reported: a pod was refused there. */
  public boolean doubtful() {
    return doubtful;
  }

  /**
   * Whether only the node's word is missing: it stands free, but in the other mode; or a pod was
   * refused there.
   */
  public boolean awaitsReportFor(Mode wanted) {
    boolean otherMode = mode == Mode.FREE && residue != Mode.FREE && residue != wanted;
    return (otherMode || doubtful) && open();
  }

  /** What the whole slice is charged as. */
  public Amount amount() {
    return Amount.of(slice.computeSlices(), slice.memoryMiB());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SliceState state
        && gpu.equals(state.gpu)
        && slice.equals(state.slice)
        && advertised.equals(state.advertised)
        && cordoned == state.cordoned
        && trouble.equals(state.trouble)
        && sharesTotal == state.sharesTotal
        && holds.equals(state.holds)
        && residue == state.residue
        && doubtful == state.doubtful;
  }

  @Override
  public int hashCode() {
    return Objects.hash(gpu, slice, advertised, cordoned, sharesTotal, holds, residue, doubtful);
  }

  @Override
  public String toString() {
    return slice.uuid()
        + " "
        + mode
        + " "
        + holds
        + (residue == Mode.FREE ? "" : " was " + residue);
  }
}
