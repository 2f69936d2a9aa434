package dev.lamella.deviceplugin.report;

import dev.lamella.core.api.Condition;
import dev.lamella.deviceplugin.inventory.Inventory;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A report's conditions; the time of a condition is that of its last change of status. */
public final class Conditions {

  private final InstantSource clock;
  private final Map<String, Condition> latest = new TreeMap<>();

  public Conditions(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * @param ready whether pods can be served
   * @param reason one CamelCase word
   */
  public synchronized List<Condition> of(
      boolean ready, String reason, String message, Inventory inventory) {
    put("Ready", ready, reason, message);
    List<String> problems = inventory.problems();
    put(
        "InventoryComplete",
        problems.isEmpty(),
        problems.isEmpty() ? "AllAnswered" : "PartlyKnown",
        String.join("; ", problems));
    return List.copyOf(latest.values());
  }

  private void put(String type, boolean holds, String reason, String message) {
    String status = holds ? "True" : "False";
    Condition before = latest.get(type);
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    String since =
        before != null && before.status().equals(status)
            ? before.lastTransitionTime()
            : now.toString();
    latest.put(type, new Condition(type, status, reason, message, since));
  }
}
