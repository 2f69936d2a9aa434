package dev.lamella.core.instance;

/** The occupancy of GPUs of one board, by GPU number from 0. Must not change during a decision. */
public interface Gpus {

  /** How many GPUs there are. */
  int count();

  /** Which memory slices of a GPU are taken: bit i is memory slice i. */
  int mask(int gpu);

  /**
   * The memory slices at which the instances of a GPU start, as bits: with the mask they say which
   * slices are freed together. Where that is not known, each run of taken slices is one instance.
   */
  default int starts(int gpu) {
    return mask(gpu) & ~(mask(gpu) << 1);
  }

  /** GPUs with these occupancy masks, in this order, each run of taken slices one instance. */
  static Gpus ofMasks(int... masks) {
    int[] copy = masks.clone();
    return new Gpus() {
      @Override
      public int count() {
        return copy.length;
      }

      @Override
      public int mask(int gpu) {
        return copy[gpu];
      }
    };
  }
}
