package dev.lamella.simulator.trace;

import dev.lamella.simulator.trace.experiment.Series;
import java.util.List;
import java.util.Locale;

/** Bars of the main metric: a group for each mix, a bar for each policy, sd as error bars. */
final class SvgPlot {

  private static final int BAR = 18;
  private static final int GAP = 28;
  private static final int HEIGHT = 260;
  private static final int LEFT = 48;
  private static final int TOP = 56;
  private static final List<String> COLOURS =
      List.of(
          "#9e9e9e", "#c49c94", "#1f77b4", "#d6b656", "#8c6bb1", "#2ca02c", "#d62728", "#333333");

  private final Results results;
  private final double floor;
  private final StringBuilder svg = new StringBuilder();

  private SvgPlot(Results results) {
    this.results = results;
    double lowest =
        results.ofMetric(results.mainMetric()).stream()
            .mapToDouble(series -> series.mean() - series.sd())
            .min()
            .orElse(0);
    this.floor = Math.max(0, Math.floor((lowest - 1) / 5) * 5);
  }

  static String text(Results results) {
    return new SvgPlot(results).draw();
  }

  private String draw() {
    int group = results.policies().size() * BAR + GAP;
    int width = LEFT + group * results.mixes().size() + 120;
    int height = TOP + HEIGHT + 40;
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
            + " font-family=\"sans-serif\" font-size=\"12\">",
        width, height);
    add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", width, height);
    Series any = results.series().get(0);
    add(
        "<text x=\"%d\" y=\"22\" font-size=\"14\">%s: %s, percent (mean, sd of %d seeds)</text>",
        LEFT, any.preset(), results.mainMetric(), any.seeds());
    axis(width - 120);
    for (int mix = 0; mix < results.mixes().size(); mix++) {
      group(results.mixes().get(mix), LEFT + GAP / 2 + mix * group);
    }
    legend(width - 110);
    add("</svg>");
    return svg.toString();
  }

  private void axis(int right) {
    for (int tick = 0; tick <= 5; tick++) {
      double percent = floor + (100 - floor) * tick / 5;
      double y = y(percent);
      add(
          "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#dddddd\"/>",
          LEFT, y, right, y);
      add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f</text>", LEFT - 6, y + 4, percent);
    }
  }

  private void group(String mix, int left) {
    List<String> policies = results.policies();
    for (int i = 0; i < policies.size(); i++) {
      bar(results.series(mix, policies.get(i), results.mainMetric()), left + i * BAR, colour(i));
    }
    add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
        left + policies.size() * BAR / 2, TOP + HEIGHT + 20, mix);
  }

  private void bar(Series series, int x, String colour) {
    double top = y(series.mean());
    add(
        "<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\" fill=\"%s\">"
            + "<title>%s %s: %.2f, sd %.2f</title></rect>",
        x,
        top,
        BAR - 3,
        y(floor) - top,
        colour,
        series.mix(),
        series.policy(),
        series.mean(),
        series.sd());
    double middle = x + (BAR - 3) / 2.0;
    add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#000000\"/>",
        middle, y(series.mean() - series.sd()), middle, y(series.mean() + series.sd()));
  }

  private void legend(int x) {
    for (int i = 0; i < results.policies().size(); i++) {
      int y = TOP + i * 18;
      add("<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/>", x, y, colour(i));
      add("<text x=\"%d\" y=\"%d\">%s</text>", x + 18, y + 11, results.policies().get(i));
    }
  }

  private double y(double percent) {
    double within = Math.min(100, Math.max(floor, percent));
    return TOP + HEIGHT * (100 - within) / (100 - floor);
  }

  private static String colour(int index) {
    return COLOURS.get(index % COLOURS.size());
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
