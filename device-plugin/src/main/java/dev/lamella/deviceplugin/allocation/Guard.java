package dev.lamella.deviceplugin.allocation;

import dev.lamella.core.inventory.Mode;
import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.Dues.Due;
import dev.lamella.deviceplugin.allocation.Verdict.Reason;
import dev.lamella.deviceplugin.allocation.Verdict.Refused;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Refuses what must not be handed out. A slice is in one mode at a time; that it is asked for again
 * in the mode it has is never refused, since the kubelet hands out no id twice.
 */
final class Guard {

  private static final String REMEDY = "delete the pod; let the scheduler extender place it";

  /** The kubelet's ids have at most 63 characters. */
  private static final int LONGEST_SHOWN = 100;

  private final ResourceName resource;
  private final Catalogue catalogue;

  Guard(ResourceName resource, Catalogue catalogue) {
    this.resource = resource;
    this.catalogue = catalogue;
  }

  /** What the ids mean; an id that is unreadable, of another pool or unhealthy is refused. */
  Optional<Refused> readIds(List<String> ids, List<DeviceId> into) {
    List<DeviceId> devices = new ArrayList<>();
    for (String id : ids) {
      Optional<DeviceId> device = parse(id);
      Optional<Catalogue.Offer> offer = device.flatMap(d -> catalogue.find(resource, d));
      if (offer.isEmpty()) {
        return refused(
            Reason.UNKNOWN_DEVICE,
            "device " + quoted(id) + " is none of " + resource + " on this node");
      }
      if (!offer.get().slice().healthy()) {
        return refused(
            Reason.UNHEALTHY_DEVICE, "device " + id + " of " + resource + " is unhealthy");
      }
      devices.add(device.get());
    }
    devices.stream().distinct().forEach(into::add);
    return Optional.empty();
  }

  /** A status travels in a header of 8 KiB at most: a message that is longer arrives as none. */
  private static String quoted(String id) {
    return id.length() <= LONGEST_SHOWN
        ? "\"" + id + "\""
        : "\"%s...\" (%d characters)".formatted(id.substring(0, LONGEST_SHOWN), id.length());
  }

  private static Optional<DeviceId> parse(String id) {
    try {
      return Optional.of(DeviceId.parse(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Refuses a slice that a container holds in the other mode. */
  Optional<Refused> held(List<DeviceId> devices, Collection<Hold> holds) {
    for (DeviceId device : devices) {
      for (Hold hold : holds) {
        if (hold.slice().equals(device.slice()) && hold.resource().shared() != resource.shared()) {
          String name = hold.pod().map(PodName::toString).orElse("a pod not yet known");
          return mixed(device.slice(), "is held", hold.uid(), name);
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

  private Optional<Refused> mixed(String slice, String how, Optional<String> uid, String name) {
    Mode asked = resource.shared() ? Mode.SHARED : Mode.WHOLE;
    Mode found = resource.shared() ? Mode.WHOLE : Mode.SHARED;
    String detail =
        "slice %s was asked for as %s, but %s as %s by %s: %s"
            .formatted(
                slice,
                asked.text(),
                how,
                found.text(),
                uid.map(u -> "the pod with UID " + u).orElse("a pod that the node's log names"),
                REMEDY);
    return Optional.of(new Refused(Reason.MODES_WOULD_MIX, detail, name));
  }

  private static Optional<Refused> refused(Reason reason, String detail) {
    return Optional.of(new Refused(reason, detail, ""));
  }
}
