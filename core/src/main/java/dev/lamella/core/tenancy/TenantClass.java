package dev.lamella.core.tenancy;

/** What a tenant's work tolerates. */
public enum TenantClass {
  /** Serves live: gets whole slices, is never evicted within its guarantee. */
  LATENCY_CRITICAL("LatencyCritical"),
  /** Tolerates sharing and eviction. */
  BEST_EFFORT("BestEffort");

  private final String text;

  TenantClass(String text) {
    this.text = text;
  }

  /** As the Tenant resource spells it. */
  public String text() {
    return text;
  }
}
