package dev.lamella.core.ledger;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.inventory.Mode;
import dev.lamella.core.inventory.Slice;
import java.util.List;
import java.util.Objects;

/**
 * A slice and who holds it.
 *
 * @param gpu the UUID of its GPU
 * @param cordoned whether the operator keeps new pods away
 * @param sharesTotal into how many shares it is cut when shared
 * @param holds by pod UID; empty if it is free
 * @param residue the mode of holders that ended but that the node's report has not yet named as
 *     gone; the slice may be reused in that mode only. FREE if there is none
 */
public record SliceState(
    String gpu,
    Slice slice,
    boolean cordoned,
    int sharesTotal,
    List<SliceHold> holds,
    Mode residue) {

  public SliceState {
    Objects.requireNonNull(gpu, "gpu");
    Objects.requireNonNull(slice, "slice");
    Objects.requireNonNull(residue, "residue");
    holds = holds.stream().sorted(SliceHold.ORDER).toList();
  }

  public Mode mode() {
    if (holds.isEmpty()) {
      return Mode.FREE;
    }
    return holds.stream().anyMatch(SliceHold::whole) ? Mode.WHOLE : Mode.SHARED;
  }

  public int sharesUsed() {
    return holds.stream().mapToInt(SliceHold::shares).sum();
  }

  /** Whether new pods may get any of it. */
  public boolean open() {
    return slice.healthy() && !cordoned;
  }

  /** Whether it can be given whole now. */
  public boolean freeWhole() {
    return open() && holds.isEmpty() && residue != Mode.SHARED;
  }

  /** How many shares of it can be given now. */
  public int freeShares() {
    if (!open() || mode() == Mode.WHOLE || (holds.isEmpty() && residue == Mode.WHOLE)) {
      return 0;
    }
    return Math.max(0, sharesTotal - sharesUsed());
  }

  /** Whether it stands free but waits for the node's word before its mode can change. */
  public boolean awaitsReport() {
    return open() && holds.isEmpty() && residue != Mode.FREE;
  }

  /** What the whole slice is charged as. */
  public Amount amount() {
    return Amount.of(slice.computeSlices(), slice.memoryMiB());
  }
}
