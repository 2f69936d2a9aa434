package dev.lamella.extender.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line. */
@Command(
    name = "scheduler-extender",
    mixinStandardHelpOptions = true,
    version = "lamella scheduler-extender 0.1.0",
    description = "Decides which pod gets which slice; kube-scheduler calls it as an extender.",
    sortOptions = false)
public final class ExtenderFlags {

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "0.0.0.0:8888",
      description = "Address to serve on; port 0 picks one. Default: ${DEFAULT-VALUE}.")
  private String listen;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Where the API server is. Default: the pod's service account.")
  private Path kubeconfig;

  @Option(names = "--config", paramLabel = "FILE", description = "Configuration file (YAML).")
  private Path config;

  @Option(
      names = "--leader-elect",
      description = "One of several replicas, of which one decides. Default: leader.elect.")
  private boolean leaderElect;

  @Option(
      names = "--pod-name",
      paramLabel = "NAME",
      description = "This replica's pod. Default: the environment's POD_NAME.")
  private String podName;

  @Option(
      names = "--pod-namespace",
      paramLabel = "NAME",
      description = "Its namespace, and the lease's. Default: the environment's POD_NAMESPACE.")
  private String podNamespace;

  private ExtenderFlags() {}

  /**
   * Reads flags.
   *
   * @return empty if help or the version was asked for and has been printed
   * @throws WrongInput naming the flag and what would be right
   */
  public static Optional<ExtenderFlags> parse(String... args) {
    ExtenderFlags flags = new ExtenderFlags();
    CommandLine line = new CommandLine(flags);
    try {
      CommandLine.ParseResult parsed = line.parseArgs(args);
      if (CommandLine.printHelpIfRequested(parsed)) {
        return Optional.empty();
      }
    } catch (CommandLine.ParameterException e) {
      throw new WrongInput(e.getMessage(), e);
    }
    flags.listen();
    return Optional.of(flags);
  }

  /** Where to serve. */
  public InetSocketAddress listen() {
    int colon = listen.lastIndexOf(':');
    try {
      return new InetSocketAddress(
          listen.substring(0, colon), Integer.parseInt(listen.substring(colon + 1)));
    } catch (RuntimeException e) {
      throw new WrongInput("--listen is " + listen + ", expected HOST:PORT", e);
    }
  }

  public Optional<Path> kubeconfig() {
    return Optional.ofNullable(kubeconfig);
  }

  /** This replica's pod; empty if it runs in none. */
  public String podName() {
    return Objects.requireNonNullElse(podName == null ? env("POD_NAME") : podName, "");
  }

  /** The namespace of this replica's pod; empty if it is not known. */
  public String podNamespace() {
    return Objects.requireNonNullElse(
        podNamespace == null ? env("POD_NAMESPACE") : podNamespace, "");
  }

  private static String env(String name) {
    return System.getenv(name);
  }

  /** The configuration file's content, or the defaults; flags win. */
  public ExtenderConfig config() {
    ExtenderConfig read = config == null ? ExtenderConfig.DEFAULTS : ConfigFile.read(config);
    ExtenderConfig wanted = leaderElect ? read.elected() : read;
    if (wanted.leader().elect() && podNamespace().isEmpty()) {
      throw new WrongInput(
          "--pod-namespace is missing: --leader-elect needs it for the lease; give it, or set"
              + " POD_NAMESPACE",
          null);
    }
    return wanted;
  }
}
