package dev.lamella.deviceplugin.allocation;

import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.Dues.Due;
import dev.lamella.deviceplugin.allocation.Verdict.Refused;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who is owed and who holds what at one moment, and what follows from it for a question of the
 * kubelet. It remembers what it worked out: a change of pods or holds makes another situation.
 */
final class Situation {

  private final Catalogue catalogue;
  private final Pods pods;
  private final Holds holds;
  private final Map<ResourceName, List<Due>> dues = new HashMap<>();

  Situation(Catalogue catalogue, Pods pods, Holds holds) {
    this.catalogue = catalogue;
    this.pods = pods;
    this.holds = holds;
  }

  /** The devices of an assignment that matches; empty if there is none yet. */
  Optional<List<DeviceId>> assigned(Ask ask) {
    if (ask.needed() == 0) {
      return Optional.of(ask.mustInclude());
    }
    Ask usable = usable(ask);
    return preferred(unheld(usable)).or(() -> preferred(usable)).or(() -> preferred(ask));
  }

  private Optional<List<DeviceId>> preferred(Ask ask) {
    return new Preference(ask, catalogue)
        .choose(dues(ask.resource()), holds.uids(ask.mustInclude()));
  }

  /** Without what would be refused now; a pod of the same shape may be owed something else. */
  private Ask usable(Ask ask) {
    List<DeviceId> usable =
        ask.available().stream()
            .filter(device -> !holds.otherwise(ask.resource(), device.slice()))
            .toList();
    return new Ask(ask.resource(), usable, ask.mustInclude(), ask.size());
  }

  /** Without what pods hold by all that is known here, though the kubelet offers it. */
  private Ask unheld(Ask ask) {
    List<DeviceId> unheld = ask.available().stream().filter(device -> !holds.held(device)).toList();
    return new Ask(ask.resource(), unheld, ask.mustInclude(), ask.size());
  }

  /** What a pod gets that no assignment speaks for. */
  List<DeviceId> fallback(Ask ask) {
    List<DeviceId> devices = guess(unheld(ask));
    return devices.size() < ask.size() ? guess(ask) : devices;
  }

  private List<DeviceId> guess(Ask ask) {
    List<Due> same = dues(ask.resource());
    List<Due> other = dues(ask.resource().otherMode());
    return new Fallback(ask, catalogue, holds.all(), same, other).choose();
  }

  /** Why newcomers do not get these devices, which nobody holds otherwise; empty if they do. */
  Optional<Refused> keptFrom(ResourceName resource, List<DeviceId> devices, Guard guard) {
    List<DeviceId> unowed = unowed(resource, devices);
    if (unowed.isEmpty()) {
      return Optional.empty();
    }
    return guard
        .cordoned(unowed, holds.all())
        .or(() -> guard.promised(unowed, dues(resource.otherMode())));
  }

  /**
   * The devices of slices that nobody is owed in this mode. Slices that pods are owed in both modes
   * were never assigned so: one of the annotations is not the extender's, and keeps nobody out.
   */
  private List<DeviceId> unowed(ResourceName resource, List<DeviceId> devices) {
    List<Due> owed = dues(resource);
    return devices.stream()
        .filter(d -> owed.stream().noneMatch(due -> due.slices().containsKey(d.slice())))
        .toList();
  }

  /** Whose devices these are: who holds them already, or is owed the most of them. */
  Optional<KnownPod> podOf(ResourceName resource, List<DeviceId> devices) {
    Optional<KnownPod> holder =
        holds.uids(devices).stream().sorted().flatMap(uid -> pods.byUid(uid).stream()).findFirst();
    return holder.or(
        () ->
            dues(resource).stream()
                .filter(due -> owed(due, devices) > 0)
                .min(
                    Comparator.comparingInt((Due due) -> -owed(due, devices))
                        .thenComparing(Preference.order(devices.size(), Set.of())))
                .map(Due::pod));
  }

  private static int owed(Due due, List<DeviceId> devices) {
    return due.slices().entrySet().stream()
        .mapToInt(
            e ->
                (int)
                    Math.min(
                        e.getValue(),
                        devices.stream().filter(d -> d.slice().equals(e.getKey())).count()))
        .sum();
  }

  /** Whether no pod is owed anything. */
  boolean settled() {
    return catalogue.resources().stream().allMatch(resource -> dues(resource).isEmpty());
  }

  /** Devices of slices that their pods were not assigned. */
  List<Hold> mismatches() {
    return holds.all().stream().filter(Hold::confirmed).filter(this::mismatched).toList();
  }

  private boolean mismatched(Hold hold) {
    return hold.uid()
        .flatMap(pods::byUid)
        .filter(pod -> pod.assignment().isPresent() && !pod.wasGiven(hold.slice()))
        .isPresent();
  }

  private List<Due> dues(ResourceName resource) {
    return dues.computeIfAbsent(
        resource, r -> Dues.of(r, pods.all(), holds.all(), slice -> catalogue.capacity(r, slice)));
  }
}
