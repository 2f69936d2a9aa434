package dev.lamella.extender.drawing;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows under a head; the last column takes what the others leave, and is broken where it is long.
 */
public final class Table {

  private static final String GAP = "  ";
  private static final int LEAST = 24;

  private final List<String> head;
  private final List<Integer> most;
  private final int width;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * @param width of a line at most; {@link Integer#MAX_VALUE} to break nothing
   * @param most how wide each column but the last may be
   */
  public Table(List<String> head, List<Integer> most, int width) {
    this.head = List.copyOf(head);
    this.most = List.copyOf(most);
    this.width = width;
  }

  /** One more row, of as many texts as there are columns. */
  public void add(String... texts) {
    rows.add(List.of(texts));
  }

  /** Whether there are no rows. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The lines, the head first. */
  public List<String> lines() {
    List<List<String>> all = new ArrayList<>();
    all.add(head);
    all.addAll(rows);
    List<Integer> widths = new ArrayList<>();
    for (int column = 0; column < most.size(); column++) {
      int at = column;
      int widest = all.stream().mapToInt(row -> row.get(at).length()).max().orElse(0);
      widths.add(width == Integer.MAX_VALUE ? widest : Math.min(most.get(column), widest));
    }
    return all.stream().flatMap(row -> line(row, widths).stream()).toList();
  }

  private List<String> line(List<String> row, List<Integer> widths) {
    StringBuilder start = new StringBuilder();
    for (int i = 0; i < widths.size(); i++) {
      String text = Columns.shortened(row.get(i), widths.get(i));
      start.append(Columns.padded(text, widths.get(i))).append(GAP);
    }
    int left = width - start.length();
    boolean below = left < LEAST && row.get(widths.size()).length() > left;
    int indent = below ? 2 * GAP.length() : start.length();
    List<String> lines = new ArrayList<>();
    if (below) {
      lines.add(start.toString().stripTrailing());
    }
    List<String> last = Columns.wrapped(row.get(widths.size()), width - indent);
    for (int i = 0; i < last.size(); i++) {
      String before = i == 0 && !below ? start.toString() : " ".repeat(indent);
      lines.add((before + last.get(i)).stripTrailing());
    }
    return lines;
  }
}
