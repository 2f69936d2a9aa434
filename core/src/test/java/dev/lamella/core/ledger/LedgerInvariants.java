package dev.lamella.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.inventory.Mode;
import dev.lamella.core.tenancy.Tenant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What must hold of a ledger at any time, each by its name. */
final class LedgerInvariants {

  private LedgerInvariants() {}

  static void check(LedgerWorld world, String what) {
    Snapshot snapshot = world.ledger().snapshot();
    theLedgerEqualsOneRebuilt(snapshot, world.rebuilt(), what);
    noSliceIsInTwoModes(snapshot, what);
    noSliceIsInTwoHands(world, what);
    usageIsWhatTheNodesCharge(snapshot, what);
    usageIsNeverNegative(snapshot, what);
    choicesStandForAll(snapshot, what);
  }

  /** Kept step by step, or put together from the same sightings in another order. */
  static void theLedgerEqualsOneRebuilt(Snapshot kept, Snapshot rebuilt, String what) {
    assertThat(contradictions(kept))
        .as("contradictions equal those rebuilt, " + what)
        .isEqualTo(contradictions(rebuilt));
    assertThat(kept.nodes()).as("nodes equal those rebuilt, " + what).isEqualTo(rebuilt.nodes());
    assertThat(kept.usages()).as("usages equal those rebuilt, " + what).isEqualTo(rebuilt.usages());
    assertThat(kept.reservations())
        .as("reservations equal those rebuilt, " + what)
        .isEqualTo(rebuilt.reservations());
    assertThat(kept.mix()).as("the mix equals the one rebuilt, " + what).isEqualTo(rebuilt.mix());
    assertThat(kept).as("the ledger equals one rebuilt, " + what).isEqualTo(rebuilt);
  }

  private static List<List<String>> contradictions(Snapshot snapshot) {
    return snapshot.nodes().stream().map(NodeState::contradictions).toList();
  }

  static void noSliceIsInTwoModes(Snapshot snapshot, String what) {
    for (NodeState node : snapshot.nodes()) {
      for (SliceState slice : node.slices()) {
        boolean whole = slice.holds().stream().anyMatch(SliceHold::whole);
        assertThat(whole ? slice.holds().size() : 1)
            .as("no slice is in two modes: %s, %s", slice, what)
            .isEqualTo(1);
        assertThat(slice.sharesUsed())
            .as("no share is held twice: %s, %s", slice, what)
            .isLessThanOrEqualTo(slice.sharesTotal());
      }
    }
  }

  /** On the hardware, whatever the ledger has heard of it. */
  static void noSliceIsInTwoHands(LedgerWorld world, String what) {
    world
        .heldInFact()
        .forEach(
            (slice, shares) -> {
              boolean whole = shares.contains(0);
              assertThat(whole ? shares.size() : 1)
                  .as("no slice is in two hands: %s, %s", slice, what)
                  .isEqualTo(1);
              assertThat(shares.stream().mapToInt(Integer::intValue).sum())
                  .as("no share is in two hands: %s, %s", slice, what)
                  .isLessThanOrEqualTo(LedgerWorld.SHARES);
            });
  }

  static void usageIsWhatTheNodesCharge(Snapshot snapshot, String what) {
    Map<String, Amount> sums = new TreeMap<>();
    Map<String, Long> mix = new HashMap<>();
    Amount capacity = Amount.ZERO;
    for (NodeState node : snapshot.nodes()) {
      capacity = capacity.plus(node.capacity());
      for (PodCharge charge : node.charges()) {
        Tenant tenant = snapshot.tenants().of(charge.pod().namespace());
        sums.merge(tenant.name(), charge.amount(), Amount::plus);
        charge.sliceParts().forEach((profile, parts) -> mix.merge(profile, parts, Long::sum));
      }
    }
    Map<String, Amount> used = new TreeMap<>();
    snapshot.usages().forEach((name, usage) -> used.put(name, usage.used()));
    assertThat(used).as("usage is what the nodes charge, " + what).isEqualTo(sums);
    assertThat(snapshot.mix()).as("the mix is what the nodes charge, " + what).isEqualTo(mix);
    assertThat(snapshot.capacity()).as("capacity is that of the nodes").isEqualTo(capacity);
  }

  static void usageIsNeverNegative(Snapshot snapshot, String what) {
    for (TenantUsage usage : snapshot.usages().values()) {
      List<Amount> amounts =
          List.of(usage.used(), usage.guaranteedUsed(), usage.used().minus(usage.guaranteedUsed()));
      assertThat(amounts)
          .as("usage is never negative, " + what)
          .allMatch(amount -> amount.computeParts() >= 0 && amount.memoryParts() >= 0);
    }
    assertThat(snapshot.mix().values()).as("nor the mix, " + what).allMatch(parts -> parts > 0);
  }

  /** A pod that looks at the choices alone misses nothing, and meets it in the same order. */
  static void choicesStandForAll(Snapshot snapshot, String what) {
    for (NodeState node : snapshot.nodes()) {
      for (String profile : LedgerWorld.PROFILES) {
        Set<List<Object>> met = new HashSet<>();
        List<SliceState> first =
            node.slices(profile).stream()
                .filter(slice -> slice.freeWhole() || slice.freeShares() > 0)
                .filter(slice -> met.add(gives(slice)))
                .toList();
        assertThat(node.vacancy(profile).choices())
            .as("choices stand for all, " + what)
            .isEqualTo(first);
      }
    }
  }

  private static List<Object> gives(SliceState slice) {
    boolean opens = slice.mode() == Mode.FREE;
    return List.of(slice.gpu(), opens, slice.freeWhole(), slice.freeShares());
  }

  static void nothingIsLeft(LedgerWorld world, String what) {
    Snapshot snapshot = world.ledger().snapshot();
    assertThat(snapshot.usages()).as("nothing is charged, " + what).isEmpty();
    assertThat(snapshot.mix()).as("nothing is in use, " + what).isEmpty();
    assertThat(snapshot.reservations()).as("nothing is reserved, " + what).isEmpty();
    for (NodeState node : snapshot.nodes()) {
      assertThat(node.slices())
          .as("nothing is held, " + what)
          .allMatch(slice -> slice.freeWhole() && slice.freeShares() == slice.sharesTotal());
    }
  }
}
