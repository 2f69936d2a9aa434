package dev.lamella.simulator.kubelet;

/** A checkpoint in memory. */
final class MemoryStore implements CheckpointStore {

  private Checkpoint saved = Checkpoint.empty();

  @Override
  public Checkpoint load() {
    return saved;
  }

  @Override
  public void save(Checkpoint checkpoint) {
    saved = checkpoint;
  }
}
