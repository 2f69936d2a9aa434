package dev.lamella.extender.kube;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.api.Condition;
import java.util.List;

/** A Tenant's status, as it is written. */
public record TenantStatus(
    Quantities used,
    Quantities guaranteedUsed,
    Quantities borrowed,
    int pods,
    int waiting,
    List<Condition> conditions) {

  /**
   * Compute and memory as Kubernetes quantities.
   *
   * @param computeSlices such as 2.25
   * @param memory in Mi, or in bytes rounded down
   */
  public record Quantities(String computeSlices, String memory) {

    private static final long MIB = 1L << 20;

    public static Quantities of(Amount amount) {
      long wholeMiB = amount.memoryParts() / Amount.PARTS;
      long rest = amount.memoryParts() % Amount.PARTS * MIB / Amount.PARTS;
      String memory = rest == 0 ? wholeMiB + "Mi" : Long.toString(wholeMiB * MIB + rest);
      return new Quantities(amount.compute(), memory);
    }
  }
}
