package dev.lamella.simulator.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lamella.simulator.apiserver.ApiServerOptions;
import io.kubernetes.client.openapi.ApiException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The demo's command line: results on one stream, progress on the other. */
@Command(
    name = "demo",
    sortOptions = false,
    description = {
      "Starts a cluster in one process around the device plugin and the scheduler extender,",
      "applies manifests to it, and shows which slice of which GPU each pod was given."
    },
    footer = {
      "",
      "Without files it runs docs/examples/two-teams.",
      "Exit codes: 0 done, 1 failed, 2 wrong input."
    })
final class DemoCommand implements Callable<Integer> {

  /** The form of the result. */
  enum Output {
    table,
    json
  }

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  @Option(
      names = "--nodes",
      paramLabel = "FILE",
      description = "Layout: the nodes, their GPUs and how those are cut.")
  private Path nodes;

  @Option(
      names = "-f",
      paramLabel = "FILE",
      description = "Manifests. May be repeated: each is applied after the one before has settled.")
  private List<Path> files = new ArrayList<>();

  @Option(names = "--once", description = "Ends when every pod has settled.")
  private boolean once;

  @Option(
      names = "--output",
      paramLabel = "table|json",
      description = "Form of the result. Default: ${DEFAULT-VALUE}.")
  private Output output = Output.table;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this and ends.")
  private boolean help;

  private final PrintStream out;
  private final PrintStream err;
  private final Closing closing;
  private volatile boolean serving;

  /**
   * @param closing closed by whoever ends the process
   */
  DemoCommand(PrintStream out, PrintStream err, Closing closing) {
    this.out = out;
    this.err = err;
    this.closing = closing;
  }

  /** Runs a command line; answers its exit code. */
  int run(String... args) {
    return new CommandLine(this)
        .setOut(new PrintWriter(out, true))
        .setParameterExceptionHandler(
            (e, unused) -> failed(2, e.getMessage() + "; see demo --help"))
        .setExecutionExceptionHandler((e, commandLine, parsed) -> failed(e))
        .execute(args);
  }

  /** Whether it has shown its result and only waits for a signal. */
  boolean serving() {
    return serving;
  }

  private int failed(Exception e) {
    if (e instanceof WrongInput) {
      return failed(2, e.getMessage());
    }
    if (e instanceof DemoFailed) {
      return failed(1, e.getMessage());
    }
    return failed(1, e.toString());
  }

  private int failed(int code, String message) {
    err.println("demo: " + message.replaceAll("\\s*\\R\\s*", " "));
    return code;
  }

  @Override
  public Integer call() throws IOException, ApiException, InterruptedException {
    Path folder = closing.add(DemoFolder.create()).path();
    Path examples = Files.createDirectories(folder.resolve("examples"));
    Path layout = nodes == null ? Example.nodes(examples) : nodes;
    List<Path> manifests = files.isEmpty() ? Example.manifests(examples) : files;
    ApiServerOptions options = ApiServerOptions.defaults();
    Demo demo =
        Demo.run(layout, manifests, folder, options, s -> err.println("demo: " + s), closing);
    ClusterView.Look look = demo.look();
    out.print(
        output == Output.json
            ? JSON.writeValueAsString(look.report()) + "\n"
            : TableOutput.of(look.report()));
    out.flush();
    if (!look.contradictions().isEmpty()) {
      return failed(1, "contradiction: " + String.join("; ", look.contradictions()));
    }
    if (!once) {
      serve(demo.cluster());
    }
    return 0;
  }

  private void serve(EmbeddedCluster cluster) throws InterruptedException {
    err.println("demo: running until interrupted; open " + cluster.extender() + "/map/");
    err.println("  live map            " + cluster.extender() + "/map/");
    err.println("  API server          " + cluster.apiServer());
    err.println("  scheduler extender  " + cluster.extender());
    cluster.metrics().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            node -> err.println("  metrics of %-8s %s".formatted(node.getKey(), node.getValue())));
    err.println("in another terminal, for kubectl and bin/lamella inspect:");
    err.println("  export KUBECONFIG=" + cluster.kubeconfig());
    err.println("  export LAMELLA_EXTENDER=" + cluster.extender());
    serving = true;
    new CountDownLatch(1).await();
  }
}
