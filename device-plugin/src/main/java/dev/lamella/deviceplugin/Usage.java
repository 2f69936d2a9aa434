package dev.lamella.deviceplugin;

import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.inventory.Gpu;
import dev.lamella.core.inventory.Health;
import dev.lamella.core.inventory.Slice;
import dev.lamella.deviceplugin.allocation.AllocationBook;
import dev.lamella.deviceplugin.allocation.Catalogue;
import dev.lamella.deviceplugin.allocation.Hold;
import dev.lamella.deviceplugin.inventory.Inventory;
import dev.lamella.deviceplugin.metrics.Picture;
import dev.lamella.deviceplugin.usage.PodUsage;
import dev.lamella.deviceplugin.usage.Sample;
import dev.lamella.deviceplugin.usage.ShareBudgets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What was measured and seen of slices over time, put beside the report for a scrape. */
final class Usage {

  /** A slice's health and since when it is so. */
  private record State(Health health, Instant since) {}

  private final AllocationBook book;
  private final InstantSource clock;
  private final ShareBudgets budgets = new ShareBudgets();
  private volatile Sample sample = Sample.NONE;
  private volatile Map<String, State> states = Map.of();
  private Set<String> mismatched = Set.of();

  Usage(AllocationBook book, InstantSource clock) {
    this.book = book;
    this.clock = clock;
  }

  /** Slices were found, or others are healthy. */
  synchronized void found(Inventory inventory) {
    Instant now = clock.instant();
    Map<String, State> next = new TreeMap<>();
    for (Gpu gpu : inventory.gpus()) {
      for (Slice slice : gpu.slices()) {
        State before = states.get(slice.uuid());
        boolean same = before != null && before.health() == slice.health();
        next.put(slice.uuid(), same ? before : new State(slice.health(), now));
      }
    }
    states = Map.copyOf(next);
  }

  /**
   * Slices were measured.
   *
   * @return pods that use more than their shares are worth, and did not before
   */
  synchronized List<PodUsage> measured(Sample latest, Catalogue catalogue) {
    sample = latest;
    return budgets.update(
        book.holds(),
        latest,
        slice -> catalogue.offer(slice).map(Catalogue.Offer::shares).orElse(1));
  }

  /** How many devices were newly found with pods that were assigned others. */
  synchronized int newMismatches() {
    Set<String> now = new HashSet<>();
    book.mismatches().forEach(hold -> now.add(hold.uid().orElse("") + " " + hold.device().text()));
    Set<String> added = new HashSet<>(now);
    added.removeAll(mismatched);
    mismatched = now;
    return added.size();
  }

  /** Everything that a scrape shows. */
  Picture picture(GpuNodeStatus report, Inventory inventory) {
    List<Hold> holds = book.holds();
    Map<String, Instant> since = new TreeMap<>();
    states.forEach((slice, state) -> since.put(slice, state.since()));
    List<Picture.PodMemory> pods =
        budgets.pods().stream()
            .map(usage -> new Picture.PodMemory(usage, budgets.exceeded(usage)))
            .toList();
    return new Picture(report, inventory.addresses(), since, holds, sample, pods);
  }
}
