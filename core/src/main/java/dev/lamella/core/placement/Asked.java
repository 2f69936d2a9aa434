package dev.lamella.core.placement;

import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.Vacancy;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.reason.Reason;
import dev.lamella.core.reason.Rule;
import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A resource that a pod asks for, and the words for why a node does not give it, made once for all
 * nodes.
 */
final class Asked {

  private final ResourceName resource;
  private final int count;
  private final boolean apart;
  private final List<Integer> groups;
  private final Reason absent;
  private final Rule noneRule;
  private final String none;
  private final String awaited;
  private final String full;

  Asked(ResourceName resource, PodNeeds needs) {
    String profile = resource.profile();
    this.resource = resource;
    this.count = needs.totals().get(resource);
    this.apart = needs.apart(resource);
    List<Integer> largestFirst = new ArrayList<>(needs.groups(resource));
    largestFirst.sort(Comparator.reverseOrder());
    this.groups = largestFirst;
    String missing = "no " + profile + " slice on the node";
    this.absent = new Reason(Rule.PROFILE_ABSENT, missing, missing);
    this.noneRule = resource.shared() ? Rule.NO_FREE_SHARE : Rule.NO_FREE_SLICE;
    this.none =
        resource.shared()
            ? "no free share of a " + profile + " slice"
            : "no free " + profile + " slice";
    this.awaited = "a " + profile + " slice is about to be free";
    this.full = "the kubelet would admit no more " + resource;
  }

  ResourceName resource() {
    return resource;
  }

  int count() {
    return count;
  }

  /** Whether no two shares may lie on one slice. */
  boolean apart() {
    return apart;
  }

  /** Shares that should each lie on one slice, the largest group first. */
  List<Integer> groups() {
    return groups;
  }

  Vacancy on(NodeState node) {
    return node.vacancy(resource.profile());
  }

  /** Whether it could be had, if nothing else were asked of the same slices. */
  boolean given(Vacancy vacancy) {
    return vacancy.gives(resource, count, apart);
  }

  /** The kubelet counts again on admission, with the allocatable that it knows. */
  boolean admitted(NodeState node) {
    return on(node).admits(resource, count);
  }

  /** The node has no such slice. */
  Reason absent() {
    return absent;
  }

  /** The node has no slice, or no share of one, left for the pod. */
  Reason none(NodeState node) {
    Vacancy vacancy = on(node);
    int awaiting = vacancy.awaited(resource);
    String sentence = awaiting > 0 ? awaited : none;
    return new Reason(
        awaiting > 0 ? Rule.AWAITS_REPORT : noneRule,
        sentence,
        () ->
            "%s: %d asked for; %s, %d wait for the report"
                .formatted(sentence, count, vacancy.account(), awaiting));
  }

  /** The kubelet would not admit the pod. */
  Reason full(NodeState node) {
    return new Reason(
        Rule.KUBELET_FULL,
        full,
        () ->
            "%s: %d allocatable, %d requested, %d more asked for"
                .formatted(full, node.allocatable(resource), node.requested(resource), count));
  }
}
