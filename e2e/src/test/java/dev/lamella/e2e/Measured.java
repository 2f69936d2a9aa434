package dev.lamella.e2e;

import java.util.ArrayList;
import java.util.List;

/** Scheduling with or without the extender, by kube-scheduler as it comes and with more leave. */
final class Measured {

  private final boolean extended;
  private final SchedulingRow shipped = new SchedulingRow();
  private final SchedulingRow raised = new SchedulingRow();
  private final List<String> warmUps = new ArrayList<>();

  Measured(boolean extended) {
    this.extended = extended;
  }

  boolean extended() {
    return extended;
  }

  String how() {
    return extended ? "with" : "without";
  }

  /** With the limit of requests that kube-scheduler has by itself. */
  SchedulingRow shipped() {
    return shipped;
  }

  /** With a limit that is not met. */
  SchedulingRow raised() {
    return raised;
  }

  List<SchedulingRow> rows() {
    return List.of(shipped, raised);
  }

  /** Whether it has not been warmed up yet. */
  boolean cold() {
    return warmUps.isEmpty();
  }

  void warmedUp(SchedulingRow rounds) {
    warmUps.add(rounds.rounds());
  }

  /** Pods a second of the rounds that do not count, by start. */
  String warmUps() {
    return String.join("; ", warmUps);
  }
}
