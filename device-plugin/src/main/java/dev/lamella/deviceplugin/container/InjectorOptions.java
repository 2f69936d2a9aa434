package dev.lamella.deviceplugin.container;

import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * How containers get their devices.
 *
 * @param strategies one or more, in combination
 * @param passDeviceSpecs whether the kubelet is told the device nodes, too
 * @param cdiDir where the CDI spec is written, if a strategy needs it
 * @param removeCdiOnStop whether the spec is removed when the daemon ends in order
 * @param driverRoot where the driver is installed, as the host sees it
 * @param procRoot where procfs is mounted
 * @param devRoot where the host's device nodes are
 */
public record InjectorOptions(
    Set<ListStrategy> strategies,
    boolean passDeviceSpecs,
    Path cdiDir,
    boolean removeCdiOnStop,
    Path driverRoot,
    Path procRoot,
    Path devRoot) {

  public InjectorOptions {
    if (strategies.isEmpty()) {
      throw new IllegalArgumentException("no device list strategy, expected one or more");
    }
    strategies = Collections.unmodifiableSet(EnumSet.copyOf(strategies));
  }

  boolean cdi() {
    return strategies.stream().anyMatch(ListStrategy::cdi);
  }
}
