package dev.lamella.core.ledger;

import dev.lamella.core.pod.PodRef;
import java.util.Comparator;

/**
 * A pod's hold on one slice.
 *
 * @param shares how many shares; 0 if it holds the slice whole
 */
public record SliceHold(PodRef pod, int shares) {

  static final Comparator<SliceHold> ORDER =
      Comparator.comparing((SliceHold hold) -> hold.pod().uid())
          .thenComparingInt(SliceHold::shares);

  public boolean whole() {
    return shares == 0;
  }
}
