package dev.lamella.extender.metrics;

import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.SliceState;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.resource.ResourceName;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How many more slices of a profile could be given out now.
 *
 * @param wholes slices
 * @param shares shares of slices
 * @param computeSlices of one slice
 */
record Room(int wholes, int shares, int computeSlices) {

  /** By profile; nodes that do not serve give nothing, kubelets admit what is allocatable. */
  static Map<String, Room> of(Snapshot snapshot) {
    Map<String, Room> rooms = new TreeMap<>();
    for (NodeState node : snapshot.nodes()) {
      TreeSet<String> profiles = new TreeSet<>();
      node.slices().forEach(state -> profiles.add(state.slice().profile()));
      profiles.forEach(profile -> rooms.merge(profile, on(node, profile), Room::plus));
    }
    return rooms;
  }

  private static Room on(NodeState node, String profile) {
    List<SliceState> slices = node.slices(profile);
    int compute = slices.get(0).slice().computeSlices();
    if (!node.serving()) {
      return new Room(0, 0, compute);
    }
    int wholes = (int) slices.stream().filter(SliceState::freeWhole).count();
    int shares = slices.stream().mapToInt(SliceState::freeShares).sum();
    return new Room(
        admitted(node, ResourceName.whole(profile), wholes),
        admitted(node, ResourceName.shared(profile), shares),
        compute);
  }

  private static int admitted(NodeState node, ResourceName resource, int free) {
    int left = node.allocatable(resource) - node.requested(resource);
    return Math.max(0, Math.min(free, left));
  }

  private Room plus(Room other) {
    return new Room(wholes + other.wholes, shares + other.shares, computeSlices);
  }
}
