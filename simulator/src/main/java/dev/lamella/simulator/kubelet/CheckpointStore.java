package dev.lamella.simulator.kubelet;

/** Keeps the device manager's checkpoint. */
interface CheckpointStore {

  /** What was saved last; an empty checkpoint if nothing was. */
  Checkpoint load();

  /** Replaces what was saved. */
  void save(Checkpoint checkpoint);
}
