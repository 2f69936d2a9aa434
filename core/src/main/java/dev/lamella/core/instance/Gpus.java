package dev.lamella.core.instance;

/** The occupancy of GPUs of one board, by GPU number from 0. Must not change during a decision. */
public interface Gpus {

  /** How many GPUs there are. */
  int count();

  /** Which memory slices of a GPU are taken: bit i is memory slice i. */
  int mask(int gpu);

  /** GPUs with these occupancy masks, in this order. */
  static Gpus of(int... masks) {
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
