package dev.lamella.core.placement;

import dev.lamella.core.inventory.Mode;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.SliceState;
import dev.lamella.core.reason.Reason;
import dev.lamella.core.reason.Rule;
import dev.lamella.core.resource.ResourceName;
import java.util.List;

/** Why a node has no slice, or no share of one, for a pod. */
final class NoSlice {

  private NoSlice() {}

  static Reason reason(ResourceName resource, int asked, NodeState node) {
    String profile = resource.profile();
    List<SliceState> slices = node.slices(profile);
    Mode mode = resource.shared() ? Mode.SHARED : Mode.WHOLE;
    int awaiting = 0;
    for (SliceState slice : slices) {
      awaiting += slice.awaitsReportFor(mode) ? 1 : 0;
    }
    if (awaiting > 0) {
      String sentence = "a " + profile + " slice is about to be free";
      return reason(Rule.AWAITS_REPORT, sentence, asked, awaiting, slices);
    }
    return resource.shared()
        ? reason(Rule.NO_FREE_SHARE, "no free share of a " + profile + " slice", asked, 0, slices)
        : reason(Rule.NO_FREE_SLICE, "no free " + profile + " slice", asked, 0, slices);
  }

  private static Reason reason(
      Rule rule, String sentence, int asked, int awaiting, List<SliceState> slices) {
    return new Reason(
        rule,
        sentence,
        () ->
            "%s: %d asked for; %d slices: %d can be given whole, %d shares are free, %d wait for the report"
                .formatted(
                    sentence,
                    asked,
                    slices.size(),
                    slices.stream().filter(SliceState::freeWhole).count(),
                    slices.stream().mapToInt(SliceState::freeShares).sum(),
                    awaiting));
  }
}
