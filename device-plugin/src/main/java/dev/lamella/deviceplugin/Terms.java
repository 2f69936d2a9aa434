package dev.lamella.deviceplugin;

import dev.lamella.core.inventory.Gpu;
import dev.lamella.core.inventory.Slice;
import dev.lamella.deviceplugin.allocation.AllocationBook;
import dev.lamella.deviceplugin.allocation.Catalogue;
import dev.lamella.deviceplugin.allocation.Catalogue.Stray;
import dev.lamella.deviceplugin.config.Settings;
import dev.lamella.deviceplugin.inventory.Inventory;
import dev.lamella.deviceplugin.naming.Naming;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * From what the node has to what it offers, by the settings of the moment. A profile's shares are
 * counted anew only while no share of it is held or assigned: ids that are in use must go on
 * existing, and a share must not become a larger part under the ledger's account.
 *
 * <p>For one thread.
 */
final class Terms {

  private final AllocationBook book;
  private final boolean listedOnly;
  private final Map<String, Integer> shares = new TreeMap<>();

  /**
   * @param listedOnly whether only resources that the scheduler is told of are offered
   */
  Terms(AllocationBook book, boolean listedOnly) {
    this.book = book;
    this.listedOnly = listedOnly;
  }

  /**
   * @param cordoned UUIDs of GPUs and slices that get no new pods
   */
  Offering of(Inventory shown, Settings settings, Set<String> cordoned) {
    Predicate<String> listed = profile -> !listedOnly || settings.listed(profile);
    Naming naming = Naming.of(shown.gpus(), settings.migStrategy(), listed);
    List<String> waiting = count(shown, settings);
    Catalogue catalogue =
        Catalogue.of(
            shown.gpus(),
            new Catalogue.Terms(naming.kinds(), shares::get, settings.topology(), cordoned));
    return new Offering(
        shown,
        catalogue.with(held(listed)),
        settings.migStrategy(),
        naming,
        settings.containers(),
        waiting);
  }

  private List<Stray> held(Predicate<String> listed) {
    List<Stray> held = new ArrayList<>();
    book.holds().stream()
        .filter(hold -> hold.confirmed() && listed.test(hold.resource().profile()))
        .forEach(hold -> held.add(new Stray(hold.resource(), hold.device())));
    return held;
  }

  private List<String> count(Inventory shown, Settings settings) {
    Set<String> used = new HashSet<>(book.sharedSlices());
    Set<String> inUse = new TreeSet<>();
    Set<String> profiles = new TreeSet<>();
    for (Gpu gpu : shown.gpus()) {
      for (Slice slice : gpu.slices()) {
        profiles.add(slice.profile());
        if (used.contains(slice.uuid())) {
          inUse.add(slice.profile());
        }
      }
    }
    List<String> waiting = new ArrayList<>();
    for (String profile : profiles) {
      int wanted = settings.sharesOf(profile);
      int now = shares.getOrDefault(profile, wanted);
      if (now != wanted && inUse.contains(profile)) {
        waiting.add(
            "%s stays cut into %d shares, not %d, until no pod has a share of it"
                .formatted(profile, now, wanted));
      } else {
        shares.put(profile, wanted);
      }
    }
    return waiting;
  }
}
