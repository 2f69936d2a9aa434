package dev.lamella.core.placement;

import dev.lamella.core.geometry.Board;
import dev.lamella.core.geometry.Boards;
import dev.lamella.core.geometry.Occupancy;
import dev.lamella.core.ledger.GpuState;
import java.util.HashMap;
import java.util.Map;

/**
 * What taking a slice costs requests to come: the starts that instances could have had on its GPU,
 * if what nobody holds were cut anew, weighted by how much of each profile is in use. One part of
 * each profile counts always, so that none is ruled out before it was seen.
 *
 * <p>A GPU whose geometry is not known costs nothing; the other criteria decide there.
 */
final class StartsLost {

  private static final Map<String, Occupancy> TABLES = tables();

  private final Map<String, Long> mix;

  /**
   * @param mix slices in use by profile, in parts of one
   */
  StartsLost(Map<String, Long> mix) {
    this.mix = mix;
  }

  private static Map<String, Occupancy> tables() {
    Map<String, Occupancy> tables = new HashMap<>();
    for (Board board : Boards.all()) {
      if (board.supportsMig()) {
        tables.put(board.model(), Occupancy.ofMainProfiles(board));
      }
    }
    return Map.copyOf(tables);
  }

  /** With these memory slices taken besides those that are held. */
  long of(GpuState gpu, int span) {
    Occupancy table = TABLES.get(gpu.kind().model());
    if (table == null || (gpu.heldMask() | span) >= table.masks()) {
      return 0;
    }
    long lost = 0;
    for (int profile = 0; profile < table.profiles().size(); profile++) {
      int before = Integer.bitCount(table.openStarts(profile, gpu.heldMask()));
      int after = Integer.bitCount(table.openStarts(profile, gpu.heldMask() | span));
      lost += (before - after) * (1 + mix.getOrDefault(table.profiles().get(profile).name(), 0L));
    }
    return lost;
  }
}
