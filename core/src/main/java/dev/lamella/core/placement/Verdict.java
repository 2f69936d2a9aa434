package dev.lamella.core.placement;

import dev.lamella.core.assignment.Held;
import dev.lamella.core.quota.Standing;
import dev.lamella.core.reason.Reason;
import java.util.List;

/** What a pod would get on one node. */
public sealed interface Verdict {

  /**
   * It fits.
   *
   * @param held the slices it would get
   * @param standing guaranteed or borrowing
   * @param fit how well it would stand there
   */
  record Fits(List<Held> held, Standing standing, Fit fit) implements Verdict {
    public Fits {
      held = List.copyOf(held);
    }
  }

  /** It does not. */
  record Rejected(Reason reason) implements Verdict {}
}
