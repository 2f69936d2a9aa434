package dev.lamella.deviceplugin.allocation;

import dev.lamella.core.resource.DeviceId;
import dev.lamella.deviceplugin.allocation.Dues.Due;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Chooses devices for a pod that no assignment speaks for.
 *
 * <p><b>Goals.</b> Disturb no assignment; open no slice for shares while a shared one has room.
 *
 * <p><b>Constraints.</b> A slice that is cordoned, or held or promised in the other mode, is never
 * named. A promised device of the same mode is named only when nothing else is left: the kubelet
 * would otherwise fill up at random, and might mix modes.
 *
 * <p><b>Algorithm.</b> Slices are walked in an order (enough room for all, since a process can use
 * one slice only; shared already; least room; rank), first for what is promised to nobody, then for
 * the rest.
 */
final class Fallback {

  private final Ask ask;
  private final Catalogue catalogue;
  private final Collection<Hold> holds;
  private final List<Due> same;
  private final List<Due> other;

  /**
   * @param same what pods are owed of the resource asked for
   * @param other what pods are owed of the same slices in the other mode
   */
  Fallback(Ask ask, Catalogue catalogue, Collection<Hold> holds, List<Due> same, List<Due> other) {
    this.ask = ask;
    this.catalogue = catalogue;
    this.holds = holds;
    this.same = same;
    this.other = other;
  }

  /** Devices for the container, those it must include first; fewer than asked if none is left. */
  List<DeviceId> choose() {
    Map<String, List<DeviceId>> free = Preference.free(ask, catalogue);
    List<String> slices = free.keySet().stream().filter(this::open).sorted(order()).toList();
    List<DeviceId> devices = new ArrayList<>(ask.mustInclude());
    for (String slice : slices) {
      take(free.get(slice), unpromised(slice), devices);
    }
    for (String slice : slices) {
      take(free.get(slice), Integer.MAX_VALUE, devices);
    }
    return devices;
  }

  private void take(List<DeviceId> from, int atMost, List<DeviceId> devices) {
    int count = Math.min(Math.max(0, atMost), ask.size() - devices.size());
    List<DeviceId> taken = from.stream().limit(Math.max(0, count)).toList();
    devices.addAll(taken);
    from.removeAll(taken);
  }

  private Comparator<String> order() {
    return Comparator.comparing((String slice) -> unpromised(slice) < ask.needed())
        .thenComparing(slice -> inUse(slice) == 0)
        .thenComparing(this::unpromised)
        .thenComparing(catalogue.byRank());
  }

  private boolean open(String slice) {
    return !catalogue.cordoned(slice)
        && owed(other, slice) == 0
        && holds.stream()
            .noneMatch(h -> h.slice().equals(slice) && !h.resource().equals(ask.resource()));
  }

  private int unpromised(String slice) {
    return catalogue.capacity(ask.resource(), slice) - inUse(slice);
  }

  private int inUse(String slice) {
    long held =
        holds.stream()
            .filter(hold -> hold.slice().equals(slice) && hold.resource().equals(ask.resource()))
            .count();
    return (int) held + owed(same, slice);
  }

  private static int owed(List<Due> dues, String slice) {
    return dues.stream().mapToInt(due -> due.slices().getOrDefault(slice, 0)).sum();
  }
}
