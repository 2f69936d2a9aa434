package dev.lamella.deviceplugin.container;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * How containers get their devices.
 *
 * @param strategies one or more, in combination
 * @param passDeviceSpecs whether the kubelet is told the device nodes, too
 */
public record Delivery(Set<ListStrategy> strategies, boolean passDeviceSpecs) {

  /** As NVIDIA's device plugin does without a flag. */
  public static final Delivery DEFAULT = new Delivery(Set.of(ListStrategy.ENVVAR), false);

  public Delivery {
    if (strategies.isEmpty()) {
      throw new IllegalArgumentException("no device list strategy, expected one or more");
    }
    strategies = Collections.unmodifiableSet(EnumSet.copyOf(strategies));
  }

  boolean cdi() {
    return strategies.stream().anyMatch(ListStrategy::cdi);
  }
}
