package dev.lamella.extender.kube;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.amount.Quantity;

/** How many devices a quantity of an extended resource means. */
public final class DeviceCount {

  private DeviceCount() {}

  /**
   * @throws IllegalArgumentException if it is no whole number; the API server refuses such pods
   */
  public static int parse(String resource, String text) {
    long parts = Quantity.computeParts(text);
    long count = parts / Amount.PARTS;
    if (parts % Amount.PARTS != 0 || count > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          resource + " is " + text + ", expected a whole number of devices");
    }
    return (int) count;
  }
}
