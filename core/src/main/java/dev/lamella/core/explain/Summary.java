package dev.lamella.core.explain;

import java.util.Map;
import java.util.Optional;

/** The answer in a sentence. */
final class Summary {

  private final Nodes nodes;
  private final Optional<Offer> offer;
  private final Optional<Explanation.Kept> kept;
  private final ReclaimAccount reclaim;

  Summary(
      Nodes nodes, Optional<Offer> offer, Optional<Explanation.Kept> kept, ReclaimAccount reclaim) {
    this.nodes = nodes;
    this.offer = offer;
    this.kept = kept;
    this.reclaim = reclaim;
  }

  /** Why a pod that is not bound is not. */
  String waiting() {
    if (kept.isPresent()) {
      return waitingForSlices(kept.get());
    }
    long fits =
        nodes.all().stream().filter(n -> n.fits() && nodes.offered(n.node().name())).count();
    if (fits > 0) {
      return offer.isPresent()
          ? "it fits now: kube-scheduler's next try should bind it"
          : "it would fit on %s, but kube-scheduler has not asked about it"
              .formatted(Counted.of((int) fits, "node"));
    }
    if (nodes.all().stream().anyMatch(Nodes.Judged::fits)) {
      return "it would fit only on nodes that kube-scheduler did not offer:"
          + " their taints, labels, CPU or memory do not suit it";
    }
    if (reclaim.state().equals("Possible")) {
      return "nothing is free for it; slices can be reclaimed on node " + reclaim.node();
    }
    return mostCommon();
  }

  private static String waitingForSlices(Explanation.Kept kept) {
    return kept.waitsFor().isEmpty()
        ? "slices on node %s are kept for it and free: kube-scheduler's next try should bind it"
            .formatted(kept.node())
        : "slices on node %s are kept for it; it waits for %s to leave"
            .formatted(kept.node(), Counted.of(kept.waitsFor().size(), "pod"));
  }

  private String mostCommon() {
    Optional<NodeGroup> first =
        nodes.groups(0).stream()
            .filter(group -> group.offered() == null || group.offered() > 0)
            .findFirst();
    String asked = offer.isPresent() ? "" : " (kube-scheduler has not asked about it)";
    return first
        .map(group -> group.reason() + asked)
        .orElseGet(
            () ->
                offer.map(Offer::why).map(Map::keySet).stream()
                    .flatMap(why -> why.stream())
                    .findFirst()
                    .orElse("the cluster has no nodes"));
  }
}
