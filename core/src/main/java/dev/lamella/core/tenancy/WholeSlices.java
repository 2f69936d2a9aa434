package dev.lamella.core.tenancy;

/** What happens when a best-effort pod asks for a whole slice. */
public enum WholeSlices {
  /** The webhook turns n whole slices into n shares on distinct slices. */
  REWRITE("Rewrite"),
  /** Allowed, always as borrowing. */
  BORROW("Borrow"),
  /** Refused, with the share resource named. */
  REFUSE("Refuse");

  private final String text;

  WholeSlices(String text) {
    this.text = text;
  }

  /** As the Tenant resource spells it. */
  public String text() {
    return text;
  }
}
