package dev.lamella.simulator.trace.tenants;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What happens when, in virtual time. What is due at the same time happens in the order given. */
final class Agenda {

  private record Entry(long at, long turn, Runnable event) {}

  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(Comparator.comparingLong(Entry::at).thenComparingLong(Entry::turn));
  private long turns;
  private long now;

  /** Milliseconds since the run began. */
  long now() {
    return now;
  }

  void after(long delay, Runnable event) {
    entries.add(new Entry(now + delay, turns++, event));
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** When the next event is due. */
  long nextAt() {
    return entries.element().at();
  }

  /** Lets the time pass until the next event, and lets that happen. */
  void next() {
    Entry next = entries.remove();
    now = next.at();
    next.event().run();
  }
}
