package dev.lamella.deviceplugin.cli;

import dev.lamella.deviceplugin.config.Settings;
import dev.lamella.deviceplugin.config.SettingsSource;
import dev.lamella.deviceplugin.container.HostFiles;
import dev.lamella.deviceplugin.inventory.NvmlSource;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A command line that was understood.
 *
 * @param nodeName empty only if standalone
 * @param settings as they are before the Node's labels are known
 * @param cleanup whether to remove what a daemon left behind, and do nothing else
 * @param kubeconfig empty for the pod's own service account
 */
public record Options(
    Optional<String> nodeName,
    boolean standalone,
    Path kubeletDir,
    Path procRoot,
    Path sysRoot,
    NvmlSource nvml,
    SettingsSource source,
    Settings settings,
    HostFiles files,
    InetSocketAddress metricsAddress,
    Optional<Path> kubeconfig,
    boolean cleanup) {}
