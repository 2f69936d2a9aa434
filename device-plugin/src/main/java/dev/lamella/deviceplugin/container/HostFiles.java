package dev.lamella.deviceplugin.container;

import java.nio.file.Path;

/**
 * Where the host's files are.
 *
 * @param cdiDir where the CDI spec is written, if a strategy needs it
 * @param removeCdiOnStop whether the spec is removed when the daemon ends in order
 * @param driverRoot where the driver is installed, as the daemon sees it
 * @param hostDriverRoot the same, as the host's container runtime sees it
 * @param procRoot where procfs is mounted
 * @param devRoot where the host's device nodes are
 */
public record HostFiles(
    Path cdiDir,
    boolean removeCdiOnStop,
    Path driverRoot,
    Path hostDriverRoot,
    Path procRoot,
    Path devRoot) {}
