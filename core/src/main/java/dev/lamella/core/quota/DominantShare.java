package dev.lamella.core.quota;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.amount.Cap;
import dev.lamella.core.ledger.TenantUsage;
import java.math.BigInteger;

/** How far a tenant stands above its guarantee, so that tenants can be compared. */
public final class DominantShare {

  private DominantShare() {}

  /**
   * A tenant's dominant share above its guarantee: the larger of compute and memory used above it,
   * each as a part of the capacity. Scaled by both capacities, which keeps it exact; negative for a
   * tenant below its guarantee.
   */
  public static BigInteger excess(TenantUsage usage, Amount capacity) {
    Amount guarantee = usage.tenant().quota().guaranteed().map(Cap::floor).orElse(Amount.ZERO);
    Amount above = usage.used().minus(guarantee);
    return scaled(above.computeParts(), capacity.memoryParts())
        .max(scaled(above.memoryParts(), capacity.computeParts()));
  }

  private static BigInteger scaled(long above, long otherCapacity) {
    return BigInteger.valueOf(above).multiply(BigInteger.valueOf(otherCapacity));
  }
}
