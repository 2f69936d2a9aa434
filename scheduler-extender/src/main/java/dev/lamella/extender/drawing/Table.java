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
   * @param most to which width each column but the last is cut, where a line would be too long
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
      widths.add(all.stream().mapToInt(row -> row.get(at).length()).max().orElse(0));
    }
    cut(widths);
    return all.stream().flatMap(row -> line(row, widths).stream()).toList();
  }

  /** Takes from the columns that are widest beyond their own width, until the head fits. */
  private void cut(List<Integer> widths) {
    int gaps = GAP.length() * widths.size();
    int room = width - gaps - head.get(head.size() - 1).length();
    int over = widths.stream().mapToInt(Integer::intValue).sum() - room;
    while (over > 0) {
      int widest = 0;
      for (int i = 1; i < widths.size(); i++) {
        if (widths.get(i) - most.get(i) > widths.get(widest) - most.get(widest)) {
          widest = i;
        }
      }
      if (widths.get(widest) <= most.get(widest)) {
        return;
      }
      widths.set(widest, widths.get(widest) - 1);
      over--;
    }
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
