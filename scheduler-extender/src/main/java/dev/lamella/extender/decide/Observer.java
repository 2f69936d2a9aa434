package dev.lamella.extender.decide;

import dev.lamella.core.reason.Rule;
import dev.lamella.core.reclaim.Victim;
import dev.lamella.extender.kube.PodWriter;

/** Who is told what was done for blocked pods. Called between decisions: be quick. */
public interface Observer {

  /** Who listens to nothing. */
  Observer NONE = new Observer() {};

  /** A blocked pod was poked. */
  default void poked() {}

  /** Slices were reserved for a blocked pod, and pods chosen to go. */
  default void reclaimed() {}

  /** Nothing could be reclaimed for a blocked pod now. */
  default void notReclaimed(Rule rule) {}

  /** An eviction was asked for. */
  default void evicted(Victim.Kind kind, PodWriter.Eviction outcome) {}
}
