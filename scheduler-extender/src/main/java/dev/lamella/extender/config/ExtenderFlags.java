package dev.lamella.extender.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
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

  /** The configuration file's content, or the defaults. */
  public ExtenderConfig config() {
    return config == null ? ExtenderConfig.DEFAULTS : ConfigFile.read(config);
  }
}
