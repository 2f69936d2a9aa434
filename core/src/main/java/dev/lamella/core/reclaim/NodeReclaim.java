package dev.lamella.core.reclaim;

import dev.lamella.core.assignment.Held;
import dev.lamella.core.ledger.NodeState;
import dev.lamella.core.ledger.PodCharge;
import dev.lamella.core.ledger.SliceHold;
import dev.lamella.core.ledger.SliceState;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The best that could be reclaimed on one node, resource by resource. */
final class NodeReclaim {

  /** Whole slices are chosen among all combinations as long as there are no more than these. */
  private static final int COMBINATIONS = 5_000;

  private static final int WHOLE = 0;

  private final NodeState node;
  private final Claims claims;
  private final Map<String, PodCharge> charges = new HashMap<>();

  private final Set<Victim> victims = new LinkedHashSet<>();
  private final Set<PodRef> leaving = new LinkedHashSet<>();

  /** What the pod would get of each slice: shares, or {@link #WHOLE}. */
  private final Map<SliceState, Integer> taken = new LinkedHashMap<>();

  private final List<Held> held = new ArrayList<>();

  NodeReclaim(NodeState node, Claims claims) {
    this.node = node;
    this.claims = claims;
    node.charges().forEach(charge -> charges.put(charge.pod().uid(), charge));
  }

  /** What is left of the victims and what the pod would get. */
  record Found(NodeState node, VictimSet victims, List<Held> held, List<PodRef> leaving) {

    static final Comparator<Found> ORDER =
        Comparator.comparing(Found::victims, VictimSet.order())
            .thenComparing(found -> found.node().name());
  }

  /** Looks for n whole slices; empty if they cannot be had. */
  boolean wholes(ResourceName resource, int count) {
    List<Freed> options = new ArrayList<>();
    for (SliceState slice : node.slices(resource.profile())) {
      if (slice.open() && !taken.containsKey(slice)) {
        freed(slice, slice.holds()).ifPresent(options::add);
      }
    }
    List<Freed> best = new WholeChoice(options, victims, claims, COMBINATIONS).choose(count);
    if (best.size() < count) {
      return false;
    }
    best.forEach(freed -> take(freed, WHOLE));
    held.add(Held.whole(resource, best.stream().map(f -> f.slice().slice().uuid()).toList()));
    return true;
  }

  /** Looks for shares in groups that each lie on one slice; empty if they cannot be had. */
  boolean shares(ResourceName resource, PodNeeds needs) {
    boolean apart = needs.apart(resource);
    Map<String, Integer> given = new LinkedHashMap<>();
    for (int group : needs.groups(resource).stream().sorted(Comparator.reverseOrder()).toList()) {
      Freed best = null;
      for (SliceState slice : node.slices(resource.profile())) {
        boolean eligible = slice.open() && !(apart && given.containsKey(slice.slice().uuid()));
        Optional<Freed> option = eligible ? shares(slice, group) : Optional.empty();
        if (option.isPresent() && (best == null || cheaper(option.get(), best))) {
          best = option.get();
        }
      }
      if (best == null) {
        return false;
      }
      take(best, group);
      given.merge(best.slice().slice().uuid(), group, Integer::sum);
    }
    given.forEach((uuid, shares) -> held.add(Held.shares(resource, uuid, shares)));
    return true;
  }

  /** The cheapest holders of a slice whose going leaves room for so many shares. */
  private Optional<Freed> shares(SliceState slice, int group) {
    if (taken.containsKey(slice) && taken.get(slice) == WHOLE) {
      return Optional.empty();
    }
    int room = slice.sharesTotal() - taken.getOrDefault(slice, 0) - group;
    List<SliceHold> staying =
        slice.holds().stream().filter(h -> !leaves(h.pod()) && !chosen(h.pod())).toList();
    Freed best = null;
    for (List<SliceHold> going : Subsets.of(staying)) {
      if (sharesWithout(staying, going) <= room) {
        List<SliceHold> all = new ArrayList<>(slice.holds());
        all.removeAll(staying);
        all.addAll(going);
        Optional<Freed> option = freed(slice, all);
        if (option.isPresent() && (best == null || cheaper(option.get(), best))) {
          best = option.get();
        }
      }
    }
    return Optional.ofNullable(best);
  }

  /** A whole hold that stays leaves room for nothing. */
  private static int sharesWithout(List<SliceHold> holds, List<SliceHold> going) {
    int sum = 0;
    for (SliceHold hold : holds) {
      if (!going.contains(hold)) {
        if (hold.whole()) {
          return Integer.MAX_VALUE;
        }
        sum += hold.shares();
      }
    }
    return sum;
  }

  private boolean chosen(PodRef pod) {
    return victims.stream().anyMatch(victim -> victim.uid().equals(pod.uid()));
  }

  /** Terminating, or not charged any more: gone, but the node has not said so yet. */
  private boolean leaves(PodRef pod) {
    PodCharge charge = charges.get(pod.uid());
    return charge == null || charge.traits().terminating();
  }

  /** A slice without these holders; empty if they may not be evicted. */
  private Optional<Freed> freed(SliceState slice, List<SliceHold> going) {
    List<Victim> here = new ArrayList<>();
    List<PodRef> waits = new ArrayList<>();
    for (SliceHold hold : going) {
      if (leaves(hold.pod())) {
        waits.add(hold.pod());
      } else {
        Optional<Victim> victim = claims.victim(charges.get(hold.pod().uid()), hold);
        if (victim.isEmpty()) {
          return Optional.empty();
        }
        here.add(victim.get());
      }
    }
    Freed freed = new Freed(slice, here, waits);
    return together(freed).isPresent() ? Optional.of(freed) : Optional.empty();
  }

  private boolean cheaper(Freed option, Freed than) {
    VictimSet set = together(option).orElseThrow();
    return VictimSet.order().compare(set, together(than).orElseThrow()) < 0;
  }

  private Optional<VictimSet> together(Freed option) {
    List<Victim> all = new ArrayList<>(victims);
    all.addAll(option.victims());
    return claims.together(all);
  }

  private void take(Freed freed, int shares) {
    victims.addAll(freed.victims());
    leaving.addAll(freed.leaving());
    taken.merge(freed.slice(), shares, Integer::sum);
  }

  /** All that was chosen; empty if the victims may not all go. */
  Optional<Found> found() {
    leaveOutWhoMayStay();
    return claims
        .together(victims)
        .map(set -> new Found(node, set, List.copyOf(held), List.copyOf(leaving)));
  }

  /**
   * What was taken for one container can make a victim of another's superfluous. The dearest are
   * let off first.
   */
  private void leaveOutWhoMayStay() {
    for (Victim victim : victims.stream().sorted(Victim.FIRST_TO_GO.reversed()).toList()) {
      victims.remove(victim);
      if (!taken.keySet().stream().allMatch(this::comesFree)) {
        victims.add(victim);
      }
    }
  }

  private boolean comesFree(SliceState slice) {
    List<SliceHold> staying =
        slice.holds().stream().filter(h -> !leaves(h.pod()) && !chosen(h.pod())).toList();
    int shares = taken.get(slice);
    return shares == WHOLE
        ? staying.isEmpty()
        : sharesWithout(staying, List.of()) <= slice.sharesTotal() - shares;
  }
}
