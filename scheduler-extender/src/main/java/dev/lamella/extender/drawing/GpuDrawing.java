package dev.lamella.extender.drawing;

import dev.lamella.core.geometry.Board;
import dev.lamella.core.geometry.Boards;
import dev.lamella.core.inventory.Slice;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws a GPU as its compute slots, seven or four, with each slice where it is placed. The memory
 * slice beyond the last slot of seven-slice boards is not drawn: whatever reaches it covers the
 * last slot too.
 */
public final class GpuDrawing {

  private static final int SLOT = 12;
  private static final int SEVEN = 7;
  private static final String VENDOR = "NVIDIA ";

  private GpuDrawing() {}

  /**
   * Lines of at most 92 characters, without a title.
   *
   * @param model as the driver names it
   * @param slices by placement
   */
  public static List<String> lines(String model, List<DrawnSlice> slices) {
    int slots = slots(model);
    StringBuilder edge = new StringBuilder("+");
    List<StringBuilder> rows = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      rows.add(new StringBuilder("|"));
    }
    int at = 0;
    for (DrawnSlice slice : slices) {
      for (; at < Math.min(slice.start(), slots); at++) {
        cell(edge, rows, 1, List.of("", "-", ""));
      }
      boolean whole = slice.profile().equals(Slice.WHOLE_GPU);
      int end = whole ? slots : Math.min(slots, slice.start() + Math.max(1, slice.size()));
      if (end > at) {
        cell(edge, rows, end - at, text(slice, (end - at) * (SLOT + 1) - 1));
        at = end;
      }
    }
    for (; at < slots; at++) {
      cell(edge, rows, 1, List.of("", "-", ""));
    }
    List<String> lines = new ArrayList<>();
    lines.add(edge.toString());
    rows.forEach(row -> lines.add(row.toString()));
    lines.add(edge.toString());
    return lines;
  }

  private static int slots(String model) {
    String name = model.startsWith(VENDOR) ? model.substring(VENDOR.length()) : model;
    return Boards.byModel(name).map(Board::computeSlices).orElse(SEVEN);
  }

  private static void cell(
      StringBuilder edge, List<StringBuilder> rows, int slots, List<String> text) {
    int width = slots * (SLOT + 1) - 1;
    edge.append("-".repeat(width)).append('+');
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).append(Columns.padded(Columns.shortened(text.get(i), width), width)).append('|');
    }
  }

  private static List<String> text(DrawnSlice slice, int width) {
    int holders = slice.holders().size();
    String first = holders == 0 ? "" : slice.holders().get(0);
    if (holders > 1) {
      String more = " +" + (holders - 1);
      first = first.substring(0, Math.min(first.length(), width - more.length())) + more;
    }
    String mode =
        switch (slice.mode()) {
          case "Whole" -> "whole";
          case "Shared" -> "shared %d/%d".formatted(slice.sharesUsed(), slice.sharesTotal());
          default -> "free";
        };
    return List.of(slice.profile() + (slice.marked() ? " !" : ""), mode, first);
  }
}
