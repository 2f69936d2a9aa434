package dev.lamella.core.quota;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.amount.Cap;
import dev.lamella.core.ledger.TenantUsage;
import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalLong;

/** How far a tenant stands above its guarantee, so that tenants can be compared. */
public final class DominantShare {

  private DominantShare() {}

  /**
   * A tenant's dominant share above its guarantee: the larger of compute and memory used above it,
   * each as a part of the capacity. A dimension that the guarantee leaves out does not count.
   * Scaled by both capacities, which keeps it exact; negative for a tenant below its guarantee.
   */
  public static BigInteger excess(TenantUsage usage, Amount capacity) {
    Amount used = usage.used();
    BigInteger compute = scaled(used.computeParts(), capacity.memoryParts());
    BigInteger memory = scaled(used.memoryParts(), capacity.computeParts());
    Optional<Cap> guarantee = usage.tenant().quota().guaranteed();
    if (guarantee.isEmpty() || guarantee.get().equals(Cap.UNLIMITED)) {
      return compute.max(memory);
    }
    OptionalLong promisedCompute = guarantee.get().computeParts();
    OptionalLong promisedMemory = guarantee.get().memoryParts();
    BigInteger aboveCompute =
        compute.subtract(scaled(promisedCompute.orElse(0), capacity.memoryParts()));
    BigInteger aboveMemory =
        memory.subtract(scaled(promisedMemory.orElse(0), capacity.computeParts()));
    if (promisedMemory.isEmpty()) {
      return aboveCompute;
    }
    return promisedCompute.isEmpty() ? aboveMemory : aboveCompute.max(aboveMemory);
  }

  private static BigInteger scaled(long above, long otherCapacity) {
    return BigInteger.valueOf(above).multiply(BigInteger.valueOf(otherCapacity));
  }
}
