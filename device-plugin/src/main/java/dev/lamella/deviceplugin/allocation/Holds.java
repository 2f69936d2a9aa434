package dev.lamella.deviceplugin.allocation;

import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Who holds which device. Not safe for several threads: {@link AllocationBook} owns it. */
final class Holds {

  private final Map<DeviceId, Hold> byDevice;
  private boolean everRead;

  Holds(Catalogue catalogue) {
    byDevice = new TreeMap<>(catalogue.byDevice());
  }

  /** The same holds, in the order of another catalogue. */
  Holds under(Catalogue catalogue) {
    Holds holds = new Holds(catalogue);
    holds.byDevice.putAll(byDevice);
    holds.everRead = everRead;
    return holds;
  }

  Collection<Hold> all() {
    return byDevice.values();
  }

  /** Whether a slice is held in the other mode, or under another name. */
  boolean otherwise(ResourceName resource, String slice) {
    return byDevice.values().stream()
        .anyMatch(hold -> hold.slice().equals(slice) && !hold.resource().equals(resource));
  }

  /** UIDs of the pods that hold any of these devices. */
  Set<String> uids(Collection<DeviceId> devices) {
    Set<String> uids = new HashSet<>();
    devices.stream()
        .map(byDevice::get)
        .filter(Objects::nonNull)
        .forEach(hold -> hold.uid().ifPresent(uids::add));
    return uids;
  }

  /**
   * Devices that the kubelet offers as free are held by nobody, unless by a pod that has not ended:
   * a kubelet whose pod-resources are read while it allocates can forget what it is handing out,
   * and offers it again. Its word is for one pool: another may hold the same device under the name
   * of before.
   */
  boolean release(Ask ask, Pods pods) {
    Set<DeviceId> free = new HashSet<>(ask.available());
    ask.mustInclude().forEach(free::remove);
    return byDevice
        .values()
        .removeIf(
            hold ->
                hold.resource().equals(ask.resource())
                    && free.contains(hold.device())
                    && hold.uid().filter(pods::knows).isEmpty());
  }

  /** Whether anybody holds a device. */
  boolean held(DeviceId device) {
    return byDevice.containsKey(device);
  }

  /** Devices handed out to a pod; what it held before it goes on holding. */
  void handOut(ResourceName resource, List<DeviceId> devices, Optional<KnownPod> pod, long now) {
    for (DeviceId device : devices) {
      Hold before = byDevice.get(device);
      boolean again = before != null && pod.isPresent() && before.of(pod.get());
      if (!again) {
        Optional<String> uid = pod.map(KnownPod::uid);
        byDevice.put(
            device, new Hold(resource, device, uid, pod.map(KnownPod::name), false, "", now));
      }
    }
  }

  /** A pod ended. Without pod-resources nobody else will say that its devices are free. */
  void podGone(String uid) {
    if (!everRead) {
      byDevice.values().removeIf(hold -> hold.uid().filter(uid::equals).isPresent());
    }
  }

  /**
   * Takes over what a reading shows. A kubelet that has just started lists no pods, though their
   * containers run: of a pod that has not ended and of which nothing is shown, what it held stays.
   */
  void reconcile(Reading reading, Pods pods, Patience patience) {
    everRead = true;
    Set<DeviceId> shown = new HashSet<>();
    Set<String> listed = new HashSet<>();
    for (Reading.Held held : reading.devices()) {
      shown.add(held.device());
      Hold hold = confirmed(held, reading.started(), pods);
      byDevice.put(held.device(), hold);
      hold.uid().ifPresent(listed::add);
    }
    byDevice
        .values()
        .removeIf(
            hold ->
                !shown.contains(hold.device())
                    && !young(hold, reading.started(), pods, patience)
                    && !(hold.confirmed() && unlisted(hold, listed, pods)));
  }

  private static boolean unlisted(Hold hold, Set<String> listed, Pods pods) {
    return hold.uid().filter(uid -> pods.knows(uid) && !listed.contains(uid)).isPresent();
  }

  private static boolean young(Hold hold, long started, Pods pods, Patience patience) {
    if (hold.confirmed()) {
      return hold.since() - started > 0;
    }
    boolean ended = hold.uid().isPresent() && !pods.knows(hold.uid().get());
    Duration grace = ended ? patience.noted() : patience.unconfirmed();
    return started - hold.since() < grace.toNanos();
  }

  /** A device as a reading shows it, unless it was handed out after the reading began. */
  private Hold confirmed(Reading.Held held, long started, Pods pods) {
    Hold before = byDevice.get(held.device());
    if (before != null && !before.confirmed() && before.since() > started) {
      return before;
    }
    long since = before == null ? started : before.since();
    Optional<String> uid = pods.uidOf(held, before);
    return new Hold(
        held.resource(),
        held.device(),
        uid,
        Optional.of(held.pod()),
        true,
        held.container(),
        since);
  }
}
