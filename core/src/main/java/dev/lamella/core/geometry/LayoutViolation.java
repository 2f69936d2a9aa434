package dev.lamella.core.geometry;

/**
 * Why a layout cannot exist on a board.
 *
 * @param slice the slice that breaks the rule
 * @param rule which rule
 * @param detail the numbers: what was asked and what would be right
 */
public record LayoutViolation(PlacedProfile slice, Rule rule, String detail) {

  /** The rules of MIG, as far as a layout can break them. */
  public enum Rule {
    /** A profile starts only at certain memory slices. */
    ILLEGAL_START,
    /** Two instances never share a memory slice. */
    OVERLAP,
    /** A profile has a largest number of instances per GPU. */
    TOO_MANY_INSTANCES,
    /** The instances' compute slices stay within the board's. */
    TOO_MANY_COMPUTE_SLICES
  }

  /** One sentence that names the slice and the rule. */
  public String sentence() {
    return "slice " + slice + " is illegal: " + detail;
  }
}
