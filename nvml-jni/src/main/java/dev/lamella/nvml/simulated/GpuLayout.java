package dev.lamella.nvml.simulated;

import dev.lamella.core.geometry.Board;
import dev.lamella.core.geometry.Boards;
import dev.lamella.core.geometry.Layout;
import dev.lamella.core.geometry.PlacedProfile;
import java.util.List;

/**
 * A GPU of a layout and how it is cut.
 *
 * @param model one of {@link Boards#models()}
 * @param migEnabled false: the GPU is one piece
 * @param slices its GPU instances, ordered by placement; empty with MIG off
 */
public record GpuLayout(String model, boolean migEnabled, List<PlacedProfile> slices) {

  public GpuLayout {
    Board board = boardOf(model);
    if (migEnabled && !board.supportsMig() || !migEnabled && !slices.isEmpty()) {
      throw new IllegalArgumentException(
          "%s with MIG %s cannot have slices %s"
              .formatted(model, migEnabled ? "on" : "off", slices));
    }
    Layout.violation(board, slices)
        .ifPresent(
            violation -> {
              throw new IllegalArgumentException(violation.sentence());
            });
    slices = slices.stream().sorted().toList();
  }

  public Board board() {
    return boardOf(model);
  }

  private static Board boardOf(String model) {
    return Boards.byModel(model)
        .orElseThrow(() -> new IllegalArgumentException("no board is called " + model));
  }
}
