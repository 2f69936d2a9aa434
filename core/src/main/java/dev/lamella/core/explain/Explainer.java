package dev.lamella.core.explain;

import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.explain.Explanation.Decided;
import dev.lamella.core.explain.Explanation.Kept;
import dev.lamella.core.explain.Explanation.Placement;
import dev.lamella.core.explain.Explanation.TenantLine;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.Phase;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.ledger.Reservation;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.tenancy.Tenant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Explains a pod: what was asked, what was considered, what rules each of it out. */
public final class Explainer {

  private final Question question;
  private final PodFact pod;
  private final Snapshot snapshot;
  private final PodRequest request;
  private final Holders holders;
  private final Nodes nodes;
  private final int most;

  private Explainer(Question question, Viewer viewer, int most) {
    this.question = question;
    this.pod = question.pod();
    this.snapshot = question.snapshot();
    this.request = PodRequest.of(pod, question.now());
    this.holders = new Holders(snapshot, viewer);
    this.nodes =
        new Nodes(
            request, snapshot, question.policy(), holders, question.offer().map(Offer::nodes));
    this.most = most;
  }

  /**
   * Explains a pod that the viewer may see.
   *
   * @param most how many nodes of each group are shown with their slices
   */
  public static Explanation explain(Question question, Viewer viewer, int most) {
    return new Explainer(question, viewer, most).explanation();
  }

  private Explanation explanation() {
    boolean ended = pod.phase().terminal();
    boolean waiting = !ended && pod.node().isEmpty();
    Optional<Kept> kept = waiting ? kept() : Optional.empty();
    ReclaimAccount reclaim = waiting ? reclaim(kept) : null;
    return new Explanation(
        Explanation.VERSION,
        podLine(),
        tenantLine(tenant()),
        ended ? "Ended" : waiting ? "Waiting" : "Bound",
        waiting ? new Summary(nodes, question.offer(), kept, reclaim).waiting() : settled(ended),
        new Quotas(snapshot).of(tenant(), request, pod.node()),
        waiting ? placement() : null,
        reclaim,
        kept.orElse(null),
        ended || waiting ? List.of() : assignment(),
        decided());
  }

  private Tenant tenant() {
    return snapshot.tenants().of(pod.ref().namespace());
  }

  private Explanation.Pod podLine() {
    Map<String, Integer> needs = new LinkedHashMap<>();
    pod.needs().totals().forEach((resource, count) -> needs.put(resource.text(), count));
    String phase = (pod.phase() == Phase.REFUSED ? Phase.FAILED : pod.phase()).name();
    return new Explanation.Pod(
        pod.ref().namespace(),
        pod.ref().name(),
        pod.ref().uid(),
        phase.charAt(0) + phase.substring(1).toLowerCase(Locale.ROOT),
        pod.priority(),
        pod.traits().terminating(),
        needs,
        pod.node().orElse(null));
  }

  static TenantLine tenantLine(Tenant tenant) {
    return new TenantLine(
        tenant.name(),
        tenant.tenantClass().text(),
        tenant.priority(),
        tenant.cohort(),
        tenant.wholeSlices().text());
  }

  private String settled(boolean ended) {
    return ended
        ? "it has ended and holds nothing"
        : "it is bound to node " + pod.node().orElseThrow();
  }

  private Placement placement() {
    int fits = (int) nodes.all().stream().filter(Nodes.Judged::fits).count();
    Integer offered = question.offer().map(offer -> offer.nodes().size()).orElse(null);
    return new Placement(nodes.all().size(), offered, fits, nodes.groups(most));
  }

  private ReclaimAccount reclaim(Optional<Kept> kept) {
    if (kept.isPresent()) {
      return ReclaimAccount.notNeeded("slices are reserved for it already");
    }
    boolean fits = nodes.all().stream().anyMatch(n -> n.fits() && nodes.offered(n.node().name()));
    if (fits) {
      return ReclaimAccount.notNeeded("it fits");
    }
    List<String> names =
        question
            .offer()
            .map(Offer::nodes)
            .orElseGet(() -> snapshot.nodes().stream().map(NodeState::name).toList());
    return new Reclaims(snapshot, holders, question.budgets()).of(request, names);
  }

  private Optional<Kept> kept() {
    Optional<Reservation> reservation = snapshot.reservation(pod.ref().uid());
    return reservation.flatMap(r -> snapshot.node(r.node()).map(node -> kept(node, r)));
  }

  private Kept kept(NodeState node, Reservation reservation) {
    List<Holder> waitsFor = new ArrayList<>();
    List<SlicePlace> places = Slices.places(node, reservation.held());
    for (SlicePlace place : places) {
      node.slices().stream()
          .filter(slice -> slice.slice().uuid().equals(place.uuid()))
          .flatMap(slice -> slice.holds().stream())
          .filter(hold -> !hold.pod().uid().equals(pod.ref().uid()))
          .map(hold -> holders.of(node, hold, Optional.empty()))
          .forEach(waitsFor::add);
    }
    return new Kept(reservation.node(), places, waitsFor);
  }

  /** What the node reports counts; until it does, what the assignment says. */
  private List<SlicePlace> assignment() {
    return pod.node()
        .flatMap(snapshot::node)
        .map(node -> Slices.heldBy(pod.ref(), node))
        .orElse(List.of());
  }

  private Decided decided() {
    if (pod.node().isPresent()) {
      return pod.assignment()
          .map(Assignment::boundAt)
          .map(at -> new Decided("Bound", pod.node().get(), at, null, Map.of()))
          .orElse(null);
    }
    return question
        .offer()
        .map(offer -> new Decided("Refused", null, offer.at(), offer.since(), offer.why()))
        .orElse(null);
  }
}
