package dev.lamella.core;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs a table of steps: one row a step, the expected result last, behind a bar. */
public final class ScenarioTable {

  private ScenarioTable() {}

  public static void check(Scenario scenario, String table) {
    for (String row : table.lines().toList()) {
      if (!row.isBlank()) {
        int bar = row.lastIndexOf('|');
        String step = row.substring(0, bar).trim();
        assertThat(scenario.step(step)).as(step).isEqualTo(row.substring(bar + 1).trim());
      }
    }
  }
}
