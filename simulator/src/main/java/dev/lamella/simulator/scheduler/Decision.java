package dev.lamella.simulator.scheduler;

/** What one attempt to schedule a pod came to. */
sealed interface Decision {

  /** The pod goes to this node. */
  record Fits(String node) implements Decision {}

  /** The pod fits nowhere; worded as in its condition and event. */
  record FitsNowhere(String message) implements Decision {}

  /** The attempt failed. */
  record Failed(String message) implements Decision {}
}
