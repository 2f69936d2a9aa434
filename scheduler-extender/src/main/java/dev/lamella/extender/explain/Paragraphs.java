package dev.lamella.extender.explain;

import dev.lamella.extender.drawing.Columns;
import java.util.ArrayList;
import java.util.List;

/** Text in paragraphs under labels, broken at 100 columns. */
final class Paragraphs {

  private static final int LABEL = 10;

  private final List<String> lines = new ArrayList<>();

  /** A line of its own. */
  void title(String text) {
    indented(0, text);
  }

  /** A label and what is to be said under it. */
  void entry(String label, String text) {
    labelled(Columns.padded(label, LABEL), text);
  }

  /** More under the same label. */
  void more(String text) {
    labelled(" ".repeat(LABEL), text);
  }

  /** A line with so much space before it, and more before what it is broken into. */
  void indented(int space, String text) {
    List<String> broken = Columns.wrapped(text, Columns.WIDTH - space - 4);
    for (int i = 0; i < broken.size(); i++) {
      lines.add((" ".repeat(space + (i == 0 ? 0 : 4)) + broken.get(i)).stripTrailing());
    }
  }

  private void labelled(String label, String text) {
    List<String> broken = Columns.wrapped(text, Columns.WIDTH - LABEL);
    for (int i = 0; i < broken.size(); i++) {
      lines.add(((i == 0 ? label : " ".repeat(LABEL)) + broken.get(i)).stripTrailing());
    }
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
