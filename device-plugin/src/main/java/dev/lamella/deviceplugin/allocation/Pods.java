package dev.lamella.deviceplugin.allocation;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The node's pods that have not ended. Not safe for several threads: the book owns it. */
final class Pods {

  /** In the order in which the watch first showed them. */
  private final Map<String, KnownPod> byUid = new LinkedHashMap<>();

  private final Map<PodName, KnownPod> byName = new HashMap<>();

  /**
   * In the order in which the watch first showed them. The kubelet watches the same objects and
   * admits in about that order, while binds are written in another order than they are decided.
   */
  Collection<KnownPod> all() {
    return byUid.values();
  }

  boolean knows(String uid) {
    return byUid.containsKey(uid);
  }

  Optional<KnownPod> byUid(String uid) {
    return Optional.ofNullable(byUid.get(uid));
  }

  void put(KnownPod pod) {
    byUid.put(pod.uid(), pod);
    byName.put(pod.name(), pod);
  }

  void remove(String uid) {
    KnownPod gone = byUid.remove(uid);
    if (gone != null && byName.get(gone.name()).uid().equals(uid)) {
      byName.remove(gone.name());
    }
  }

  /** Takes over what a list found: pods known before keep their turn, others go by boundAt. */
  void replace(Collection<KnownPod> listed) {
    List<String> before = List.copyOf(byUid.keySet());
    Map<String, KnownPod> found = new HashMap<>();
    listed.forEach(pod -> found.put(pod.uid(), pod));
    byUid.clear();
    byName.clear();
    before.stream().map(found::remove).filter(Objects::nonNull).forEach(this::put);
    found.values().stream().sorted(KnownPod.BY_BIND).forEach(this::put);
  }

  /**
   * Which pod of that name holds a device. Names are used again: a new pod may be known before the
   * kubelet has let go of the old one's devices, and those are not its own unless it was given
   * their slice.
   */
  Optional<String> uidOf(Reading.Held held, Hold before) {
    KnownPod current = byName.get(held.pod());
    boolean sameName = before != null && before.pod().filter(held.pod()::equals).isPresent();
    boolean seen = sameName && before.confirmed() && before.uid().isPresent();
    if (!seen || current != null && current.wasGiven(held.device().slice())) {
      return Optional.ofNullable(current).map(KnownPod::uid).or(() -> former(before, sameName));
    }
    return before.uid();
  }

  private static Optional<String> former(Hold before, boolean sameName) {
    return sameName ? before.uid() : Optional.empty();
  }
}
