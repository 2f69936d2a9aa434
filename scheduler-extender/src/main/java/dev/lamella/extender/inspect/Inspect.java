package dev.lamella.extender.inspect;

import dev.lamella.extender.inspect.ClusterFlags.Output;
import dev.lamella.extender.inspect.Rows.GpuRow;
import dev.lamella.extender.inspect.Rows.PodRow;
import dev.lamella.extender.inspect.Rows.TenantRow;
import dev.lamella.extender.inspect.UserCluster.Missing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command. Exit codes: 0 done, 1 failed or forbidden, 2 wrong input. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    version = "lamella inspect 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    description = "Who uses which slice, and why a pod waits.")
public final class Inspect {

  private final Terminal terminal;

  private Inspect(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Runs the command line. */
  public static int run(Terminal terminal, String... args) {
    CommandLine line = line(terminal);
    if (args.length == 0) {
      line.usage(terminal.err());
      return 2;
    }
    return line.execute(args);
  }

  static CommandLine line(Terminal terminal) {
    CommandLine line = new CommandLine(new Inspect(terminal));
    String name = terminal.environment().getOrDefault("LAMELLA_COMMAND", "lamella inspect");
    line.setCommandName(name);
    line.setOut(new java.io.PrintWriter(terminal.out(), true));
    line.setErr(new java.io.PrintWriter(terminal.err(), true));
    line.addSubcommand(new CompletionCommand(terminal));
    line.setParameterExceptionHandler(
        (e, args) -> {
          terminal.warn(e.getMessage() + meant(e));
          return 2;
        });
    line.setExecutionExceptionHandler(
        (e, command, result) -> {
          terminal.warn(e.getMessage() == null ? e.toString() : e.getMessage());
          return e instanceof InspectFailed failed ? failed.exitCode() : 1;
        });
    return line;
  }

  private static String meant(CommandLine.ParameterException e) {
    return e instanceof CommandLine.UnmatchedArgumentException unmatched
            && !unmatched.getSuggestions().isEmpty()
        ? "; did you mean " + unmatched.getSuggestions().get(0) + "?"
        : "";
  }

  @Command(mixinStandardHelpOptions = true, description = "Every slice and who holds it.")
  int slices(@Mixin ClusterFlags flags) {
    List<GpuRow> gpus = gpus(flags);
    print(
        flags,
        gpus.stream().flatMap(gpu -> gpu.slices().stream()).toList(),
        () -> new Tables(flags.output == Output.wide).slices(gpus));
    return 0;
  }

  @Command(mixinStandardHelpOptions = true, description = "The GPUs, drawn.")
  int map(@Mixin ClusterFlags flags) {
    List<GpuRow> gpus = gpus(flags);
    print(flags, gpus, () -> Tables.map(gpus));
    return 0;
  }

  @Command(mixinStandardHelpOptions = true, description = "Tenants, in compute slices.")
  int tenants(@Mixin ClusterFlags flags) {
    try {
      List<TenantRow> tenants = read(flags).tenants();
      print(flags, tenants, () -> new Tables(flags.output == Output.wide).tenants(tenants));
      return 0;
    } catch (Missing e) {
      throw InspectFailed.failed(e.getMessage());
    }
  }

  @Command(mixinStandardHelpOptions = true, description = "Pods that ask for slices.")
  int pods(@Mixin ClusterFlags flags) {
    UserCluster cluster = UserCluster.open(flags, terminal.environment());
    ClusterRead read = new ClusterRead(cluster, terminal);
    Optional<String> namespace =
        flags.allNamespaces ? Optional.empty() : Optional.of(cluster.namespace());
    try {
      List<PodRow> pods = read.pods(namespace, reportsIfAllowed(read));
      print(flags, pods, () -> new Tables(flags.output == Output.wide).pods(pods));
      if (pods.isEmpty()) {
        terminal.warn(
            namespace
                .map(n -> "no pod in namespace " + n + " asks for slices; -A looks at all")
                .orElse("no pod asks for slices"));
      }
      return 0;
    } catch (Missing e) {
      throw InspectFailed.failed(e.getMessage());
    }
  }

  /** Who holds what only adds to what is known of pods: null if the user may not read it. */
  private List<GpuRow> reportsIfAllowed(ClusterRead read) {
    try {
      return read.gpus();
    } catch (Missing e) {
      terminal.warn(e.getMessage() + ": slices are shown as assigned");
      return null;
    }
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Why a pod waits, or which slices it holds; the extender is asked.")
  int why(
      @Mixin ClusterFlags flags,
      @Parameters(paramLabel = "POD", description = "NAME or NAMESPACE/NAME.") String pod,
      @Option(names = "--all", description = "Every node, not the first of each reason.")
          boolean all) {
    return new Why(flags, terminal).of(pod, all);
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Tenants, slices and waiting pods, live. Ends on q or ctrl-c.")
  int top(
      @Mixin ClusterFlags flags,
      @Option(
              names = "--interval",
              paramLabel = "SECONDS",
              defaultValue = "2",
              description = "Between two looks. Default: 2.")
          int seconds,
      @Option(
              names = "--count",
              paramLabel = "N",
              defaultValue = "0",
              description = "End after so many looks. Default: never.")
          int count) {
    if (seconds < 1) {
      throw InspectFailed.wrongInput("--interval is %d, expected 1 or more".formatted(seconds));
    }
    UserCluster cluster = UserCluster.open(flags, terminal.environment());
    TopFrame frame = new TopFrame(cluster, terminal, flags.allNamespaces);
    return new Top(frame::lines, terminal, Duration.ofSeconds(seconds)).run(count);
  }

  private List<GpuRow> gpus(ClusterFlags flags) {
    try {
      return read(flags).gpus();
    } catch (Missing e) {
      throw InspectFailed.failed(e.getMessage());
    }
  }

  private ClusterRead read(ClusterFlags flags) {
    return new ClusterRead(UserCluster.open(flags, terminal.environment()), terminal);
  }

  private interface Lines {
    List<String> lines();
  }

  private void print(ClusterFlags flags, Object value, Lines table) {
    boolean people = flags.output == Output.table || flags.output == Output.wide;
    terminal.print(people ? table.lines() : Printed.lines(value, flags.output));
  }
}
