package dev.lamella.core.explain;

import dev.lamella.core.assignment.Held;
import dev.lamella.core.explain.SliceAccount.Obstacle;
import dev.lamella.core.inventory.Mode;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.SliceState;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.List;

/** Slices of one node, for people. */
final class Slices {

  private Slices() {}

  /** Slices that a pod was given or would get; one that the node does not have is left out. */
  static List<SlicePlace> places(NodeState node, List<Held> held) {
    List<SlicePlace> places = new ArrayList<>();
    for (Held entry : held) {
      for (String uuid : entry.slices()) {
        node.slices().stream()
            .filter(state -> state.slice().uuid().equals(uuid))
            .findFirst()
            .ifPresent(state -> places.add(place(node, state, entry.shares())));
      }
    }
    return places;
  }

  /** Slices that a pod holds on its node. */
  static List<SlicePlace> heldBy(PodRef pod, NodeState node) {
    List<SlicePlace> places = new ArrayList<>();
    for (SliceState state : node.slices()) {
      state.holds().stream()
          .filter(hold -> hold.pod().uid().equals(pod.uid()))
          .forEach(hold -> places.add(place(node, state, hold.shares())));
    }
    return places;
  }

  static SlicePlace place(NodeState node, SliceState state, int shares) {
    return new SlicePlace(
        node.name(),
        state.gpu(),
        List.copyOf(node.gpus().keySet()).indexOf(state.gpu()),
        state.slice().uuid(),
        state.slice().profile(),
        state.slice().placement().start(),
        state.slice().placement().size(),
        shares,
        state.sharesTotal());
  }

  /** How many of a resource's devices the slice could give now. */
  static int free(SliceState state, ResourceName resource) {
    return resource.shared() ? state.freeShares() : state.freeWhole() ? 1 : 0;
  }

  /** Why it gives none. */
  static Obstacle obstacle(SliceState state, ResourceName resource) {
    Mode wanted = resource.shared() ? Mode.SHARED : Mode.WHOLE;
    if (free(state, resource) > 0) {
      return Obstacle.NONE;
    }
    if (!state.slice().healthy()) {
      return Obstacle.UNHEALTHY;
    }
    if (!state.open()) {
      return Obstacle.CORDONED;
    }
    if (state.awaitsReportFor(wanted)) {
      return Obstacle.AWAITS_REPORT;
    }
    if (state.mode() == Mode.WHOLE) {
      return Obstacle.HELD_WHOLE;
    }
    return resource.shared() ? Obstacle.NO_SHARE_LEFT : Obstacle.HELD_IN_SHARES;
  }
}
