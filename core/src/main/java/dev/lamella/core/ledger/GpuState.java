package dev.lamella.core.ledger;

import dev.lamella.core.inventory.Mode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A GPU of a node.
 *
 * @param kind what it is and where
 * @param freeCompute compute slices on it that nobody holds
 * @param heldMask memory slices under slices that somebody holds, as bits
 */
public record GpuState(GpuKind kind, int freeCompute, int heldMask) {

  /** Whether nobody holds any of it. */
  public boolean empty() {
    return heldMask == 0;
  }

  static Map<String, GpuState> of(List<SliceState> slices, Map<String, GpuKind> kinds) {
    Map<String, GpuState> gpus = new LinkedHashMap<>();
    for (SliceState state : slices) {
      GpuState gpu = gpus.computeIfAbsent(state.gpu(), uuid -> new GpuState(kinds.get(uuid), 0, 0));
      boolean free = state.mode() == Mode.FREE;
      gpus.put(
          state.gpu(),
          new GpuState(
              gpu.kind(),
              gpu.freeCompute() + (free ? state.slice().computeSlices() : 0),
              gpu.heldMask() | (free ? 0 : state.slice().placement().mask())));
    }
    return gpus;
  }
}
