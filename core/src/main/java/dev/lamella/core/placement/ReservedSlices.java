package dev.lamella.core.placement;

import dev.lamella.core.assignment.Held;
import dev.lamella.core.inventory.Mode;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.Reservation;
import dev.lamella.core.ledger.SliceHold;
import dev.lamella.core.ledger.SliceState;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.quota.Standing;
import dev.lamella.core.reason.Reason;
import dev.lamella.core.reason.Rule;
import java.util.ArrayList;
import java.util.List;

/** Whether what was reserved for a pod is free for it by now. */
final class ReservedSlices {

  private ReservedSlices() {}

  static Verdict verdict(PodRef pod, Reservation reservation, NodeState node) {
    if (!reservation.node().equals(node.name())) {
      return waiting("slices are being freed for it on another node", reservation);
    }
    List<SliceState> slices = new ArrayList<>();
    for (Held held : reservation.held()) {
      for (String uuid : held.slices()) {
        SliceState slice = find(node, uuid);
        if (slice == null || !ready(pod, held, slice)) {
          return waiting("slices are being freed for it", reservation);
        }
        slices.add(slice);
      }
    }
    int free = slices.stream().mapToInt(slice -> node.gpu(slice).freeCompute()).max().orElse(0);
    Fit fit = new Fit(1, 1, 0, 0, 0, free, node.freeCompute(), node.name());
    return new Verdict.Fits(reservation.held(), new Standing.Guaranteed(), fit);
  }

  private static boolean ready(PodRef pod, Held held, SliceState slice) {
    int others = 0;
    boolean otherWhole = false;
    for (SliceHold hold : slice.holds()) {
      boolean own = hold.pod().uid().equals(pod.uid());
      others += own ? 0 : hold.shares();
      otherWhole |= !own && hold.whole();
    }
    Mode mode = held.resource().shared() ? Mode.SHARED : Mode.WHOLE;
    boolean room =
        mode == Mode.WHOLE
            ? others == 0 && !otherWhole
            : !otherWhole && others + held.shares() <= slice.sharesTotal();
    boolean reported =
        !slice.doubtful() && (slice.residue() == Mode.FREE || slice.residue() == mode);
    return slice.open() && room && reported;
  }

  private static SliceState find(NodeState node, String uuid) {
    for (SliceState slice : node.slices()) {
      if (slice.slice().uuid().equals(uuid)) {
        return slice;
      }
    }
    return null;
  }

  private static Verdict waiting(String sentence, Reservation reservation) {
    return new Verdict.Rejected(
        new Reason(Rule.RECLAIM_UNDER_WAY, sentence, sentence + ": " + reservation));
  }
}
