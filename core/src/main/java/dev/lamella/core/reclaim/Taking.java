package dev.lamella.core.reclaim;

/** What the holder of a slice is to a pod that wants it. */
public enum Taking {
  /** It goes anyway: terminating, or gone and not yet reported so. */
  LEAVING("is leaving"),
  /** A share above its tenant's guarantee. */
  BORROWING_SHARE("borrowed, may be taken"),
  /** A whole slice above its tenant's guarantee. */
  BORROWING_WHOLE("borrowed, may be taken"),
  /** A guaranteed best-effort share; it may go for one that its tenant borrows. */
  EXCHANGED_SHARE("guaranteed share, may go if its tenant keeps its guarantee"),
  /** The same, to a latency-critical pod. */
  DISPLACED_SHARE(
      "guaranteed share, may go if its tenant keeps its guarantee or it fits elsewhere"),
  /** Its tenant's guarantee covers it. */
  GUARANTEED("guaranteed, stays"),
  /** A pod of the same tenant that ranks no lower. */
  OWN_TENANT("of the same tenant and no lower priority, stays");

  private final String sentence;

  Taking(String sentence) {
    this.sentence = sentence;
  }

  /** For people. */
  public String sentence() {
    return sentence;
  }
}
