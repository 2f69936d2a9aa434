package dev.lamella.deviceplugin.allocation;

import dev.lamella.core.inventory.Mode;
import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.Dues.Due;
import dev.lamella.deviceplugin.allocation.Verdict.Reason;
import dev.lamella.deviceplugin.allocation.Verdict.Refused;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses what must not be handed out. A slice is in one mode at a time; that it is asked for again
 * in the mode it has is never refused: a kubelet that restarts asks for what a pod has already, and
 * does not say for whom.
 */
final class Guard {

  private static final String REMEDY = "delete the pod; let the scheduler extender place it";

  private final ResourceName resource;
  private final Catalogue catalogue;

  Guard(ResourceName resource, Catalogue catalogue) {
    this.resource = resource;
    this.catalogue = catalogue;
  }

  /** What the ids mean; one that is unreadable, of another pool, unhealthy or double is refused. */
  Optional<Refused> readIds(List<String> ids, List<DeviceId> into) {
    if (ids.isEmpty()) {
      return refused(Reason.MALFORMED, "no device of " + resource + " is asked for");
    }
    Set<DeviceId> seen = new LinkedHashSet<>();
    for (String id : ids) {
      Optional<DeviceId> device = parse(id);
      Optional<Catalogue.Offer> offer = device.flatMap(d -> catalogue.find(resource, d));
      if (offer.isEmpty()) {
        return refused(
            Reason.UNKNOWN_DEVICE,
            "device " + Quoted.of(id) + " is none of " + resource + " on this node");
      }
      if (!offer.get().slice().healthy()) {
        return refused(
            Reason.UNHEALTHY_DEVICE, "device " + id + " of " + resource + " is unhealthy");
      }
      if (!seen.add(device.get())) {
        return refused(Reason.MALFORMED, "device " + id + " is asked for twice");
      }
    }
    into.addAll(seen);
    return Optional.empty();
  }

  private static Optional<DeviceId> parse(String id) {
    try {
      return Optional.of(DeviceId.parse(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Refuses a slice that a container holds in the other mode, or under another name: the kubelet
   * counts each pool for itself, and after a change of names it offers what is held once more.
   */
  Optional<Refused> held(List<DeviceId> devices, Collection<Hold> holds) {
    for (DeviceId device : devices) {
      for (Hold hold : holds) {
        if (hold.slice().equals(device.slice()) && !hold.resource().equals(resource)) {
          String name = hold.pod().map(PodName::toString).orElse("a pod not yet known");
          return hold.resource().shared() != resource.shared()
              ? mixed(device.slice(), "is held", hold.uid(), name)
              : renamed(hold, name);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Refuses a slice that a pod is owed in the other mode.
   *
   * @param others what pods are owed of the same slices in the other mode
   */
  Optional<Refused> promised(List<DeviceId> devices, List<Due> others) {
    for (DeviceId device : devices) {
      for (Due due : others) {
        if (due.slices().containsKey(device.slice())) {
          KnownPod pod = due.pod();
          return mixed(
              device.slice(), "is promised", Optional.of(pod.uid()), pod.name().toString());
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Refuses a cordoned slice to newcomers. A device that is held already is being handed on inside
   * its pod.
   *
   * @param devices of slices that nobody is owed
   */
  Optional<Refused> cordoned(List<DeviceId> devices, Collection<Hold> holds) {
    for (DeviceId device : devices) {
      boolean held = holds.stream().anyMatch(hold -> hold.device().equals(device));
      if (!held && catalogue.cordoned(device.slice())) {
        return refused(
            Reason.CORDONED,
            "slice %s is cordoned by the operator: it gets no new pods".formatted(device.slice()));
      }
    }
    return Optional.empty();
  }

  private Optional<Refused> mixed(String slice, String how, Optional<String> uid, String name) {
    Mode asked = resource.shared() ? Mode.SHARED : Mode.WHOLE;
    Mode found = resource.shared() ? Mode.WHOLE : Mode.SHARED;
    String detail =
        "slice %s was asked for as %s, but %s as %s by %s: %s"
            .formatted(slice, asked.text(), how, found.text(), holder(uid), REMEDY);
    return Optional.of(new Refused(Reason.MODES_WOULD_MIX, detail, name));
  }

  private Optional<Refused> renamed(Hold hold, String name) {
    String detail =
        "slice %s was asked for as %s, but is held as %s by %s: %s"
            .formatted(hold.slice(), resource, hold.resource(), holder(hold.uid()), REMEDY);
    return Optional.of(new Refused(Reason.HELD_UNDER_ANOTHER_NAME, detail, name));
  }

  private static String holder(Optional<String> uid) {
    return uid.map(u -> "the pod with UID " + u).orElse("a pod that the node's log names");
  }

  private static Optional<Refused> refused(Reason reason, String detail) {
    return Optional.of(new Refused(reason, detail, ""));
  }
}
