package dev.lamella.core.reclaim;

import dev.lamella.core.assignment.Held;
import dev.lamella.core.inventory.Mode;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.SliceState;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether displaced pods would find other shared capacity now, all of them at once. */
final class Refuge {

  private final Map<String, List<Room>> rooms = new HashMap<>();

  private static final class Room {
    private final String node;
    private int free;

    private Room(String node, int free) {
      this.node = node;
      this.free = free;
    }
  }

  /**
   * @param taken what the claimant would get, where nobody can go
   */
  Refuge(Snapshot snapshot, List<Held> taken) {
    Set<String> closed =
        taken.stream().flatMap(held -> held.slices().stream()).collect(Collectors.toSet());
    for (NodeState node : snapshot.nodes()) {
      for (SliceState slice : node.slices()) {
        boolean shared = slice.mode() == Mode.SHARED && !closed.contains(slice.slice().uuid());
        if (node.serving() && shared && slice.freeShares() > 0) {
          rooms
              .computeIfAbsent(slice.kind(), kind -> new ArrayList<>())
              .add(new Room(node.name(), slice.freeShares()));
        }
      }
    }
  }

  /** Places them one by one, the largest first, each pod on one node. */
  boolean takes(List<Victim> displaced) {
    List<Victim> largestFirst =
        displaced.stream()
            .sorted(
                Comparator.comparingInt(
                        (Victim v) ->
                            -v.pod().needs().totals().values().stream().mapToInt(n -> n).sum())
                    .thenComparing(Victim::uid))
            .toList();
    return largestFirst.stream().allMatch(this::take);
  }

  private boolean take(Victim victim) {
    Set<String> nodes =
        rooms.values().stream()
            .flatMap(List::stream)
            .map(room -> room.node)
            .collect(Collectors.toCollection(TreeSet::new));
    for (String node : nodes) {
      if (fits(victim, node)) {
        return true;
      }
    }
    return false;
  }

  private boolean fits(Victim victim, String node) {
    List<Runnable> placements = new ArrayList<>();
    for (ResourceName resource : victim.pod().needs().totals().keySet()) {
      if (!resource.shared() || !fits(victim, resource, node, placements)) {
        placements.forEach(Runnable::run);
        return false;
      }
    }
    return true;
  }

  /** Takes room for a pod's groups; what it takes can be given back by running {@code undo}. */
  private boolean fits(Victim victim, ResourceName resource, String node, List<Runnable> undo) {
    boolean apart = victim.pod().needs().apart(resource);
    Set<Room> used = new HashSet<>();
    for (int group : victim.pod().needs().groups(resource)) {
      Room tightest = null;
      for (Room room : rooms.getOrDefault(resource.profile(), List.of())) {
        boolean here = room.node.equals(node) && room.free >= group;
        boolean again = apart && used.contains(room);
        if (here && !again && (tightest == null || room.free < tightest.free)) {
          tightest = room;
        }
      }
      if (tightest == null) {
        return false;
      }
      Room room = tightest;
      room.free -= group;
      used.add(room);
      undo.add(() -> room.free += group);
    }
    return true;
  }
}
