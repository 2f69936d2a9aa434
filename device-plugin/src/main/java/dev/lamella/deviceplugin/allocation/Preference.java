package dev.lamella.deviceplugin.allocation;

import dev.lamella.core.resource.DeviceId;
import dev.lamella.deviceplugin.allocation.Dues.Due;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Chooses the devices of a pod's assignment.
 *
 * <p><b>Goals.</b> A container gets what the extender gave its pod; several shares of one container
 * stand on one slice where the assignment allows.
 *
 * <p><b>Constraints.</b> The kubelet does not say which pod it asks for. It admits one pod after
 * the other, so a pod that holds some of its devices and is owed more is the one being admitted.
 *
 * <p><b>Algorithm.</b> Of the pods that are owed enough devices that are available: the one whose
 * devices must be included, then one that has begun, then one that is owed exactly this many, then
 * the one that the watch showed first. Of its slices: the smallest rest that suffices; if none
 * does, the largest.
 */
final class Preference {

  private final Ask ask;
  private final Catalogue catalogue;
  private final Map<String, List<DeviceId>> free;

  Preference(Ask ask, Catalogue catalogue) {
    this.ask = ask;
    this.catalogue = catalogue;
    this.free = free(ask, catalogue);
  }

  /** The devices to choose from, by slice in rank order; ids that the pool lacks are left out. */
  static Map<String, List<DeviceId>> free(Ask ask, Catalogue catalogue) {
    Set<DeviceId> taken = new HashSet<>(ask.mustInclude());
    Map<String, List<DeviceId>> free = new TreeMap<>(catalogue.byRank());
    ask.available().stream()
        .filter(device -> catalogue.find(ask.resource(), device).isPresent())
        .filter(device -> !taken.contains(device))
        .sorted(catalogue.byDevice())
        .distinct()
        .forEach(d -> free.computeIfAbsent(d.slice(), slice -> new ArrayList<>()).add(d));
    return free;
  }

  /** Devices for the container, those it must include first; empty if no assignment matches. */
  Optional<List<DeviceId>> choose(List<Due> dues, Set<String> includedUids) {
    return dues.stream()
        .filter(due -> takable(due) >= ask.needed())
        .min(order(ask.needed(), includedUids))
        .map(this::take);
  }

  /** Which pod a request is for, if several may be meant. */
  static Comparator<Due> order(int needed, Set<String> includedUids) {
    return Comparator.comparing((Due due) -> !includedUids.contains(due.pod().uid()))
        .thenComparing(due -> !due.begun())
        .thenComparing(due -> due.total() != needed)
        .thenComparingInt(Due::turn);
  }

  private int takable(Due due) {
    return due.slices().keySet().stream().mapToInt(slice -> takable(due, slice)).sum();
  }

  private int takable(Due due, String slice) {
    return Math.min(due.slices().get(slice), free.getOrDefault(slice, List.of()).size());
  }

  private List<DeviceId> take(Due due) {
    List<DeviceId> devices = new ArrayList<>(ask.mustInclude());
    List<String> slices = new ArrayList<>(due.slices().keySet());
    while (devices.size() < ask.size()) {
      int missing = ask.size() - devices.size();
      String best = slices.stream().min(bySuitability(due, missing)).orElseThrow();
      free.get(best).stream().limit(Math.min(missing, takable(due, best))).forEach(devices::add);
      slices.remove(best);
    }
    return devices;
  }

  private Comparator<String> bySuitability(Due due, int missing) {
    Set<String> included = new HashSet<>();
    ask.mustInclude().forEach(device -> included.add(device.slice()));
    return Comparator.comparing((String slice) -> takable(due, slice) < missing)
        .thenComparing(slice -> !included.contains(slice))
        .thenComparing(
            slice -> takable(due, slice) < missing ? -takable(due, slice) : takable(due, slice))
        .thenComparing(catalogue.byRank());
  }
}
