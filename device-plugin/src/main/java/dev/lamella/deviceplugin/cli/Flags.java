package dev.lamella.deviceplugin.cli;

import dev.lamella.deviceplugin.config.SettingsSource;
import dev.lamella.deviceplugin.config.Strategies;
import dev.lamella.deviceplugin.config.WrongInput;
import dev.lamella.deviceplugin.container.HostFiles;
import dev.lamella.deviceplugin.container.ListStrategy;
import dev.lamella.deviceplugin.naming.MigStrategy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The flags of the device plugin. */
@Command(
    name = "device-plugin",
    description = "Advertises this node's GPU slices to the kubelet, whole and shared.",
    sortOptions = false)
public final class Flags {

  /** A unix socket's path has 107 bytes; our longest name below it takes 48. */
  private static final int LONGEST_KUBELET_DIR = 107 - 48;

  @Option(
      names = "--node-name",
      paramLabel = "NAME",
      description = "This node's name. Default: the environment's NODE_NAME.")
  private String nodeName;

  @Option(
      names = "--standalone",
      description = "Without an API server: advertise, allocate and measure only.")
  private boolean standalone;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "How to reach the API server. Default: as a pod in the cluster.")
  private Path kubeconfig;

  @Option(
      names = "--kubelet-dir",
      paramLabel = "DIR",
      description = "The kubelet's root. Default: ${DEFAULT-VALUE}.")
  private Path kubeletDir = Path.of("/var/lib/kubelet");

  @Option(
      names = "--nvml",
      paramLabel = "LIBRARY|simulated:FILE",
      description = "NVML's library, or a layout file to simulate. Default: the driver's.")
  private String nvml;

  @Option(
      names = "--driver-root",
      paramLabel = "DIR",
      description = "Where the driver is installed, as the daemon sees it. Default: /.")
  private Path driverRoot = Path.of("/");

  @Option(
      names = "--host-driver-root",
      paramLabel = "DIR",
      description =
          "The same as the host sees it, for the CDI spec, where the daemon sees it elsewhere."
              + " Default: as --driver-root.")
  private Path hostDriverRoot;

  @Option(
      names = "--proc-root",
      paramLabel = "DIR",
      description = "Where procfs is mounted. Default: ${DEFAULT-VALUE}.")
  private Path procRoot = Path.of("/proc");

  @Option(
      names = "--sys-root",
      paramLabel = "DIR",
      description = "Where sysfs is mounted. Default: ${DEFAULT-VALUE}.")
  private Path sysRoot = Path.of("/sys");

  @Option(
      names = "--dev-root",
      paramLabel = "DIR",
      description = "Where the host's device nodes are. Default: ${DEFAULT-VALUE}.")
  private Path devRoot = Path.of("/dev");

  @Option(
      names = "--device-list-strategy",
      paramLabel = "STRATEGY",
      split = ",",
      description =
          "envvar, volume-mounts, cdi-annotations, cdi-cri; several in one list or by repeating the"
              + " flag. Default: the configuration file's, else envvar.")
  private List<String> strategies;

  @Option(
      names = "--mig-strategy",
      paramLabel = "STRATEGY",
      description =
          "mixed, single or none, as NVIDIA's device plugin means them. Default: the configuration"
              + " file's, else mixed.")
  private String migStrategy;

  @Option(
      names = "--pass-device-specs",
      description = "Names the device nodes to the kubelet, too.")
  private boolean passDeviceSpecs;

  @Option(
      names = "--cdi-dir",
      paramLabel = "DIR",
      description = "Where the CDI spec is written, if asked for. Default: ${DEFAULT-VALUE}.")
  private Path cdiDir = Path.of("/var/run/cdi");

  @Option(
      names = "--cdi-remove-on-stop",
      description = "Removes the CDI spec when the daemon ends: for an uninstall.")
  private boolean removeCdiOnStop;

  @Option(
      names = "--cleanup",
      description =
          "Removes the CDI spec, sockets and, with --node-labels, labels that a daemon left on this"
              + " node, and ends: for an uninstall, when no daemon runs.")
  private boolean cleanup;

  @Option(
      names = "--node-labels",
      description = "Labels the Node as NVIDIA's GPU feature discovery does.")
  private boolean nodeLabels;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "YAML: shares, health, strategies and more, also by node; see docs/reference.md.")
  private Path config;

  @Option(
      names = "--metrics-address",
      paramLabel = "HOST:PORT",
      description = "Where /metrics, /healthz and /readyz are. Default: ${DEFAULT-VALUE}.")
  private String metricsAddress = "0.0.0.0:9400";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this and ends.")
  private boolean help;

  private Flags() {}

  /** Whether help is asked for. */
  public static boolean asksForHelp(String... args) {
    for (String arg : args) {
      if (arg.equals("--help") || arg.equals("-h")) {
        return true;
      }
    }
    return false;
  }

  /** The help text. */
  public static String help() {
    return new CommandLine(new Flags()).getUsageMessage();
  }

  /**
   * Understands a command line.
   *
   * @param environment read for NODE_NAME
   * @throws WrongInput in one line that names the flag, its value and what would be right
   */
  public static Options parse(Map<String, String> environment, String... args) {
    Flags flags = new Flags();
    try {
      new CommandLine(flags).parseArgs(args);
    } catch (ParameterException e) {
      throw new WrongInput(e.getMessage().replaceAll("\\s*\\R\\s*", " "), e);
    }
    return flags.options(environment);
  }

  private Options options(Map<String, String> environment) {
    Optional<String> node =
        Optional.ofNullable(nodeName == null ? environment.get("NODE_NAME") : nodeName)
            .filter(name -> !name.isBlank());
    if (node.isEmpty() && !standalone) {
      throw new WrongInput(
          "--node-name is missing: give it, or set NODE_NAME, or run with --standalone");
    }
    if (kubeletDir.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_KUBELET_DIR) {
      throw new WrongInput(
          "--kubelet-dir is %s: a path of at most %d bytes leaves room for unix sockets"
              .formatted(kubeletDir, LONGEST_KUBELET_DIR));
    }
    SettingsSource source = source(node);
    return new Options(
        node,
        standalone,
        kubeletDir,
        procRoot,
        sysRoot,
        NvmlFlag.source(nvml, driverRoot, node),
        source,
        source.settings(source.parse(source.text()), Map.of()),
        new HostFiles(
            cdiDir,
            removeCdiOnStop,
            driverRoot,
            hostDriverRoot == null ? driverRoot : hostDriverRoot,
            procRoot,
            devRoot),
        Address.parse("--metrics-address", metricsAddress),
        Optional.ofNullable(kubeconfig).filter(file -> !standalone),
        cleanup);
  }

  private SettingsSource source(Optional<String> node) {
    Optional<MigStrategy> strategy =
        Optional.ofNullable(migStrategy)
            .map(
                text ->
                    MigStrategy.parse(text)
                        .orElseThrow(
                            () ->
                                new WrongInput(
                                    "--mig-strategy is \"%s\", expected mixed, single or none"
                                        .formatted(text))));
    Optional<Set<ListStrategy>> lists =
        Optional.ofNullable(strategies)
            .map(names -> Strategies.read("--device-list-strategy", names));
    return new SettingsSource(
        Optional.ofNullable(config),
        node,
        new SettingsSource.Flags(strategy, lists, passDeviceSpecs, nodeLabels));
  }
}
