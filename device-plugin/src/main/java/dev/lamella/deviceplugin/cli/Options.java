package dev.lamella.deviceplugin.cli;

import dev.lamella.deviceplugin.config.Settings;
import dev.lamella.deviceplugin.container.InjectorOptions;
import dev.lamella.deviceplugin.inventory.NvmlSource;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A command line that was understood.
 *
 * @param nodeName empty only if standalone
 * @param kubeconfig empty for the pod's own service account
 */
public record Options(
    Optional<String> nodeName,
    boolean standalone,
    Path kubeletDir,
    Path procRoot,
    Path sysRoot,
    NvmlSource nvml,
    Settings settings,
    InjectorOptions injector,
    InetSocketAddress metricsAddress,
    Optional<Path> kubeconfig,
    boolean nodeLabels) {}
