package dev.lamella.core.reclaim;

import dev.lamella.core.ledger.PodCharge;
import dev.lamella.core.tenancy.Tenant;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.Objects;

/**
 * A pod that may be evicted.
 *
 * @param kind what makes it one
 * @param excess its tenant's dominant share above its guarantee, scaled to compare
 */
public record Victim(PodCharge pod, Tenant tenant, Kind kind, BigInteger excess) {

  /** In the order in which they are taken. */
  public enum Kind {
    /** A share above its tenant's guarantee. */
    BORROWING_SHARE,
    /**
     * A best-effort share within the guarantee while another of its tenant borrows and steps into
     * its place: what goes is borrowed all the same.
     */
    EXCHANGED_SHARE,
    /** A whole slice above its tenant's guarantee. */
    BORROWING_WHOLE,
    /** A best-effort share within the guarantee that fits elsewhere now. */
    DISPLACED_SHARE
  }

  /**
   * Who goes first: lower tenant priority, larger dominant share above the guarantee, lower pod
   * priority, bound later, then by UID.
   */
  public static final Comparator<Victim> FIRST_TO_GO =
      Comparator.comparingInt((Victim victim) -> victim.tenant().priority())
          .thenComparing(Victim::excess, Comparator.reverseOrder())
          .thenComparingInt(victim -> victim.pod().priority())
          .thenComparing(victim -> victim.pod().boundAt(), Comparator.reverseOrder())
          .thenComparing(victim -> victim.pod().pod().uid());

  public Victim {
    Objects.requireNonNull(pod, "pod");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(excess, "excess");
  }

  Victim as(Kind other) {
    return new Victim(pod, tenant, other, excess);
  }

  String uid() {
    return pod.pod().uid();
  }
}
