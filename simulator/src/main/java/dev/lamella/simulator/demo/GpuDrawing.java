package dev.lamella.simulator.demo;

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
final class GpuDrawing {

  private static final int SLOT = 12;
  private static final int SEVEN = 7;
  private static final String VENDOR = "NVIDIA ";

  private GpuDrawing() {}

  /** Lines of at most 92 characters, without a title. */
  static List<String> lines(Report.Gpu gpu) {
    int slots = slots(gpu.model());
    StringBuilder edge = new StringBuilder("+");
    List<StringBuilder> rows = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      rows.add(new StringBuilder("|"));
    }
    int at = 0;
    for (Report.Slice slice : gpu.slices()) {
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
      rows.get(i).append(Names.padded(Names.shortened(text.get(i), width), width)).append('|');
    }
  }

  private static List<String> text(Report.Slice slice, int width) {
    int holders = slice.holders().size();
    String first = holders == 0 ? "" : slice.holders().get(0).name();
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
    return List.of(slice.profile(), mode, first);
  }
}
