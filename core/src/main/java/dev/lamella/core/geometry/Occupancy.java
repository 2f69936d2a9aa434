package dev.lamella.core.geometry;

import java.util.List;
import java.util.function.IntBinaryOperator;

/**
 * What an occupied set of memory slices leaves open on one board, as tables.
 *
 * <p>An occupancy mask has bit i set if memory slice i is taken. There are at most 256 masks, so
 * every question about a GPU is a look-up. The tables know masks only: they are built for profiles
 * whose other limits (instances per GPU, compute slices) cannot be broken by instances that do not
 * overlap, and refuse the others.
 */
public final class Occupancy {

  private static final int MOST_MEMORY_SLICES = 8;

  private final Board board;
  private final List<Profile> profiles;
  private final int[][] openStarts;
  private final int[][] mostInstances;
  private final int[] capability;

  private Occupancy(Board board, List<Profile> profiles) {
    this.board = board;
    this.profiles = profiles;
    this.openStarts = table(this::findOpenStarts);
    this.mostInstances = table(this::findMostInstances);
    this.capability = new int[masks()];
    for (int mask = 0; mask < masks(); mask++) {
      for (int profile = 0; profile < profiles.size(); profile++) {
        capability[mask] += Integer.bitCount(openStarts[profile][mask]);
      }
    }
  }

  /**
   * Tables for some profiles of a board, in the order given.
   *
   * @throws IllegalArgumentException if the board has no MIG or more than eight memory slices, or
   *     if a profile has a limit that masks cannot express (such as {@code 1g.5gb+me}: one per GPU)
   */
  public static Occupancy of(Board board, List<Profile> profiles) {
    if (board.memorySlices() < 1 || board.memorySlices() > MOST_MEMORY_SLICES) {
      throw new IllegalArgumentException(
          "%s has %d memory slices; occupancy tables are made for 1 to %d"
              .formatted(board.model(), board.memorySlices(), MOST_MEMORY_SLICES));
    }
    Occupancy table = new Occupancy(board, List.copyOf(profiles));
    table.requireThatMasksSuffice();
    return table;
  }

  /** Tables for the main profiles: of each number of compute slices the one that masks suffice. */
  public static Occupancy ofMainProfiles(Board board) {
    return of(board, MainProfiles.of(board));
  }

  public Board board() {
    return board;
  }

  public List<Profile> profiles() {
    return profiles;
  }

  /**
   * The number of a profile in these tables.
   *
   * @throws IllegalArgumentException if the tables were made without it
   */
  public int index(Profile profile) {
    for (int i = 0; i < profiles.size(); i++) {
      if (profiles.get(i) == profile || profiles.get(i).equals(profile)) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "profile %s is none of %s"
            .formatted(profile.name(), profiles.stream().map(Profile::name).toList()));
  }

  /** How many masks there are; a mask is from 0 (empty) to masks() - 1 (full). */
  public int masks() {
    return 1 << board.memorySlices();
  }

  public int freeMemorySlices(int mask) {
    return board.memorySlices() - Integer.bitCount(mask);
  }

  /** Where another instance of a profile may start: bit i is memory slice i. */
  public int openStarts(int profile, int mask) {
    return openStarts[profile][mask];
  }

  /** How many instances of a profile the free memory slices hold at once. */
  public int mostInstances(int profile, int mask) {
    return mostInstances[profile][mask];
  }

  /** The open starts of all profiles together: the <em>configuration capability</em>. */
  public int capability(int mask) {
    return capability[mask];
  }

  /** The memory slices that an instance takes if it starts there. */
  public int span(int profile, int start) {
    return ((1 << profiles.get(profile).size()) - 1) << start;
  }

  private int[][] table(IntBinaryOperator cell) {
    int[][] rows = new int[profiles.size()][masks()];
    for (int profile = 0; profile < rows.length; profile++) {
      for (int mask = 0; mask < masks(); mask++) {
        rows[profile][mask] = cell.applyAsInt(profile, mask);
      }
    }
    return rows;
  }

  private int findOpenStarts(int profile, int mask) {
    int open = 0;
    for (int start : profiles.get(profile).starts()) {
      if ((mask & span(profile, start)) == 0) {
        open |= 1 << start;
      }
    }
    return open;
  }

  /** Runs of equal length are packed best from the lowest start up. */
  private int findMostInstances(int profile, int mask) {
    int taken = mask;
    int count = 0;
    for (int start : profiles.get(profile).starts()) {
      if ((taken & span(profile, start)) == 0) {
        taken |= span(profile, start);
        count++;
      }
    }
    return count;
  }

  private void requireThatMasksSuffice() {
    for (int profile = 0; profile < profiles.size(); profile++) {
      Profile checked = profiles.get(profile);
      if (mostInstances(profile, 0) > checked.maxInstances()) {
        throw new IllegalArgumentException(
            "%s holds at most %d of %s, though %d would fit: a mask cannot say so"
                .formatted(
                    board.model(),
                    checked.maxInstances(),
                    checked.name(),
                    mostInstances(profile, 0)));
      }
    }
    int compute = Patterns.mostComputeSlices(this);
    if (compute > board.computeSlices()) {
      throw new IllegalArgumentException(
          "%s has %d compute slices, though instances with %d would fit: a mask cannot say so"
              .formatted(board.model(), board.computeSlices(), compute));
    }
  }
}
