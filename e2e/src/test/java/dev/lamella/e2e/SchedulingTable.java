package dev.lamella.e2e;

/** What was measured with and without the extender, as Markdown. */
final class SchedulingTable {

  private SchedulingTable() {}

  static String of(int batch, Measured with, Measured without) {
    StringBuilder text = new StringBuilder();
    text.append("| extender | kube-scheduler's requests | pods/s, ")
        .append(batch)
        .append(" at once, each round | median | at once: p50 / p99 ms")
        .append(" | one by one: p50 / p99 ms | API writes a pod |\n")
        .append("|---|---|---|---|---|---|---|\n");
    text.append(row(with, "as it comes", with.shipped()));
    text.append(row(without, "as it comes", without.shipped()));
    text.append(row(with, "1,000 a second", with.raised()));
    text.append(row(without, "1,000 a second", without.raised()));
    text.append("%nOf the pods/s without, with the extender: ".formatted())
        .append("%.0f %% as it comes, ".formatted(percent(with.shipped(), without.shipped())))
        .append("%.0f %% at 1,000.%n%n".formatted(percent(with.raised(), without.raised())));
    for (Measured way : new Measured[] {with, without}) {
      text.append("Warming up, %s: %s.%n%n".formatted(way.how(), way.warmUps()))
          .append(way.raised().costs())
          .append('\n');
    }
    return text.toString();
  }

  private static String row(Measured way, String requests, SchedulingRow row) {
    return "| %s | %s | %s |%n".formatted(way.how(), requests, row.cells());
  }

  private static double percent(SchedulingRow with, SchedulingRow without) {
    return 100 * with.median() / without.median();
  }
}
