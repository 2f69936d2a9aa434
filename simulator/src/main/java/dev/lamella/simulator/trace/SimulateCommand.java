package dev.lamella.simulator.trace;

import dev.lamella.simulator.trace.experiment.Experiment;
import dev.lamella.simulator.trace.experiment.InvalidInputException;
import dev.lamella.simulator.trace.experiment.Preset;
import dev.lamella.simulator.trace.experiment.Run;
import dev.lamella.simulator.trace.experiment.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lamella simulate}: compares placement policies over seeded arrivals. */
@Command(
    name = "simulate",
    description = "Compares placement policies over seeded arrivals, in the process.",
    sortOptions = false,
    footer = {
      "",
      "Presets: openb (the openb trace on its own nodes; needs its files), churn and fill",
      "(instances on 100 seven-slice GPUs), tenants (quota, borrowing and reclaim under overload).",
      "Exit codes: 0 done, 1 failed, 2 wrong input."
    })
public final class SimulateCommand implements Callable<Integer> {

  /** Two cores are worth using; more would only need more memory. */
  private static final int MOST_THREADS = 2;

  private static final Path USUAL_DATA = Path.of("../shared/data/openb");

  /** How results are printed. */
  enum Output {
    table,
    json
  }

  @Option(
      names = "--preset",
      required = true,
      paramLabel = "NAME",
      description = "What to simulate: openb, churn, fill or tenants.")
  private String preset;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder with the openb files (default: ../shared/data/openb if it exists).")
  private Path data;

  @Option(
      names = "--mix",
      split = ",",
      paramLabel = "NAME",
      description = "Mixes: uniform, small, large, bimodal; openb: default, gpushare100.")
  private List<String> mixes = List.of();

  @Option(
      names = "--policy",
      split = ",",
      paramLabel = "NAME",
      description = "Policies to compare, separated by commas (default: all of the preset).")
  private List<String> policies = List.of();

  @Option(
      names = "--seeds",
      defaultValue = "10",
      paramLabel = "N",
      description = "How many seeds, the same for every policy (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Option(
      names = "--output",
      defaultValue = "table",
      paramLabel = "table|json",
      description = "How results are printed (default: ${DEFAULT-VALUE}).")
  private Output output;

  @Option(names = "--csv", paramLabel = "FILE", description = "Also writes every measurement.")
  private Path csv;

  @Option(names = "--svg", paramLabel = "FILE", description = "Also writes a bar plot.")
  private Path svg;

  @Option(names = "--help", usageHelp = true, description = "Shows this text and ends.")
  private boolean help;

  @Spec private CommandSpec spec;

  /** The command with this project's rules for errors: one line on stderr, 2 for wrong input. */
  public static CommandLine commandLine() {
    return new CommandLine(new SimulateCommand())
        .setParameterExceptionHandler((problem, args) -> refuse(problem.getCommandLine(), problem))
        .setExecutionExceptionHandler(SimulateCommand::failed);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    requireFolderOf("--csv", csv);
    requireFolderOf("--svg", svg);
    Preset chosen = Presets.named(preset);
    Settings settings =
        new Settings(
            Presets.chosen("mix", mixes, chosen, chosen.mixes()),
            Presets.chosen("policy", policies, chosen, chosen.policies()),
            seeds,
            data());
    Results results = simulate(chosen, chosen.runs(settings));
    print(results);
    if (csv != null) {
      Files.writeString(csv, CsvOutput.text(results));
    }
    if (svg != null) {
      Files.writeString(svg, SvgPlot.text(results));
    }
    return CommandLine.ExitCode.OK;
  }

  private Optional<Path> data() {
    if (data == null) {
      return Files.isDirectory(USUAL_DATA) ? Optional.of(USUAL_DATA) : Optional.empty();
    }
    if (!Files.isDirectory(data)) {
      throw new InvalidInputException("--data " + data + " is not a folder");
    }
    return Optional.of(data);
  }

  /** Asked before the work, so that no result is lost for want of a place. */
  private static void requireFolderOf(String option, Path file) {
    if (file != null && !Files.isDirectory(file.toAbsolutePath().normalize().getParent())) {
      throw new InvalidInputException(option + " " + file + " is not in an existing folder");
    }
  }

  private Results simulate(Preset chosen, List<Run> runs) throws InterruptedException {
    PrintWriter progress = spec.commandLine().getErr();
    int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    return Results.of(
        new Experiment(threads)
            .series(
                chosen.name(),
                runs,
                done -> {
                  if (done * 10 / runs.size() > (done - 1) * 10 / runs.size()) {
                    progress.printf("simulate %s: %d/%d runs%n", chosen.name(), done, runs.size());
                    progress.flush();
                  }
                }));
  }

  private void print(Results results) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (output == Output.json) {
      JsonOutput.print(results, out);
    } else {
      TableOutput.print(results, out);
    }
    out.flush();
  }

  private static int failed(
      Exception problem, CommandLine command, CommandLine.ParseResult arguments) {
    if (problem instanceof InvalidInputException) {
      return refuse(command, problem);
    }
    command.getErr().println("simulate: failed: " + problem);
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static int refuse(CommandLine command, Exception problem) {
    command.getErr().println("simulate: " + problem.getMessage().replaceAll("\\R+", " "));
    return CommandLine.ExitCode.USAGE;
  }
}
