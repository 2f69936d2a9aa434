package dev.lamella.simulator.demo;

import dev.lamella.core.inventory.Mode;
import dev.lamella.extender.drawing.Columns;
import dev.lamella.extender.drawing.DrawnSlice;
import dev.lamella.extender.drawing.GpuDrawing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** A report for people: a table of pods, then a drawing of every GPU. At most 100 columns. */
final class TableOutput {

  private static final int WIDTH = Columns.WIDTH;
  private static final int MAX_NAMESPACE = 24;
  private static final int MAX_POD = 40;
  private static final int MAX_NODE = 20;
  private static final int MIN_TEXT = 24;
  private static final String GAP = "  ";
  private static final List<String> HEAD = List.of("NAMESPACE", "POD", "PHASE", "NODE", "SLICE");

  private final Report report;
  private final Map<String, String> places = new TreeMap<>();

  private TableOutput(Report report) {
    this.report = report;
    for (Report.Node node : report.nodes()) {
      for (int i = 0; i < node.gpus().size(); i++) {
        for (Report.Slice slice : node.gpus().get(i).slices()) {
          places.put(slice.uuid(), "%s@%d of GPU %d".formatted(slice.profile(), slice.start(), i));
        }
      }
    }
  }

  /** The text, with a line end after each line. */
  static String of(Report report) {
    TableOutput output = new TableOutput(report);
    List<String> lines = new ArrayList<>(output.table());
    for (Report.Node node : report.nodes()) {
      for (int i = 0; i < node.gpus().size(); i++) {
        Report.Gpu gpu = node.gpus().get(i);
        lines.add("");
        lines.add(
            Columns.shortened(
                "%s, GPU %d: %s, %s".formatted(node.name(), i, gpu.model(), gpu.uuid()), WIDTH));
        lines.addAll(GpuDrawing.lines(gpu.model(), drawn(gpu)));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private List<String> table() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD.subList(0, 4));
    for (Report.Pod pod : report.pods()) {
      String node = pod.node() == null ? "-" : pod.node();
      rows.add(
          List.of(
              Columns.shortened(pod.namespace(), MAX_NAMESPACE),
              Columns.shortened(pod.name(), MAX_POD),
              pod.phase(),
              Columns.shortened(node, MAX_NODE)));
    }
    List<Integer> widths = new ArrayList<>();
    for (int column = 0; column < 4; column++) {
      Function<List<String>, Integer> width = width(column);
      widths.add(rows.stream().map(width).max(Comparator.naturalOrder()).orElse(0));
    }
    List<String> lines = new ArrayList<>(line(rows.get(0), widths, List.of(HEAD.get(4))));
    for (int i = 0; i < report.pods().size(); i++) {
      lines.addAll(line(rows.get(i + 1), widths, text(report.pods().get(i))));
    }
    return lines;
  }

  private static Function<List<String>, Integer> width(int column) {
    return row -> row.get(column).length();
  }

  /** One row; its last column is broken where it is too long, or put below if there is no room. */
  private static List<String> line(List<String> row, List<Integer> widths, List<String> last) {
    StringBuilder start = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      start.append(Columns.padded(row.get(i), widths.get(i))).append(GAP);
    }
    boolean below = WIDTH - start.length() < MIN_TEXT;
    int indent = below ? 2 * GAP.length() : start.length();
    List<String> text =
        last.stream().flatMap(l -> Columns.wrapped(l, WIDTH - indent).stream()).toList();
    List<String> lines = new ArrayList<>();
    if (below) {
      lines.add(start.toString().stripTrailing());
    }
    for (int i = 0; i < text.size(); i++) {
      String before = i == 0 && !below ? start.toString() : " ".repeat(indent);
      lines.add((before + text.get(i)).stripTrailing());
    }
    return lines;
  }

  /** What a pod holds, a line for each, or why it holds nothing. */
  private List<String> text(Report.Pod pod) {
    List<String> lines = new ArrayList<>();
    for (Report.Assignment assignment : pod.assignments()) {
      for (String slice : assignment.slices()) {
        String place = places.getOrDefault(slice, slice);
        lines.add(place + ", " + share(assignment, slice));
      }
    }
    if (pod.reason() != null) {
      lines.add(pod.reason());
    }
    return lines.isEmpty() ? List.of("-") : lines;
  }

  private String share(Report.Assignment assignment, String uuid) {
    if (assignment.mode().equals(Mode.WHOLE.text())) {
      return "whole";
    }
    int total =
        report.nodes().stream()
            .flatMap(node -> node.gpus().stream())
            .flatMap(gpu -> gpu.slices().stream())
            .filter(slice -> slice.uuid().equals(uuid))
            .mapToInt(Report.Slice::sharesTotal)
            .findFirst()
            .orElse(0);
    return "share %d/%d".formatted(assignment.devices() / assignment.slices().size(), total);
  }

  private static List<DrawnSlice> drawn(Report.Gpu gpu) {
    return gpu.slices().stream()
        .map(
            slice ->
                new DrawnSlice(
                    slice.profile(),
                    slice.start(),
                    slice.size(),
                    slice.mode(),
                    slice.sharesUsed(),
                    slice.sharesTotal(),
                    false,
                    slice.holders().stream().map(Report.Holder::name).toList()))
        .toList();
  }
}
