package dev.lamella.simulator.trace.slices;

import dev.lamella.core.instance.Gpus;

/** GPUs whose instances come and go. Owned by one run. */
final class Cluster implements Gpus {

  private final int[] masks = new int[SliceModel.GPUS];
  private final int[] starts = new int[SliceModel.GPUS];
  private int computeSlices;

  @Override
  public int count() {
    return masks.length;
  }

  @Override
  public int mask(int gpu) {
    return masks[gpu];
  }

  @Override
  public int starts(int gpu) {
    return starts[gpu];
  }

  /** Compute slices of all instances. */
  int computeSlices() {
    return computeSlices;
  }

  void create(int gpu, int profile, int span) {
    if ((masks[gpu] & span) != 0) {
      throw new IllegalStateException(
          "GPU %d: memory slices %#x are not free in %#x".formatted(gpu, span, masks[gpu]));
    }
    masks[gpu] |= span;
    starts[gpu] |= Integer.lowestOneBit(span);
    computeSlices += SliceModel.computeSlices(profile);
  }

  void destroy(int gpu, int profile, int span) {
    if ((masks[gpu] & span) != span) {
      throw new IllegalStateException(
          "GPU %d: memory slices %#x are not all taken in %#x".formatted(gpu, span, masks[gpu]));
    }
    masks[gpu] &= ~span;
    starts[gpu] &= ~span;
    computeSlices -= SliceModel.computeSlices(profile);
  }
}
