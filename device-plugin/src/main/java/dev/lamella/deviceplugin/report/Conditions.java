package dev.lamella.deviceplugin.report;

import dev.lamella.core.api.Condition;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
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

  /** Those statements as conditions, by type. */
  public synchronized List<Condition> of(Collection<Statement> statements) {
    statements.forEach(one -> put(one.type(), one.holds(), one.reason(), one.message()));
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
