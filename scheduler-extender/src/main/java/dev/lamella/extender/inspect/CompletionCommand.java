package dev.lamella.extender.inspect;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes the completion of a shell. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a shell's completion: source <(lamella inspect completion bash).",
      "zsh loads its emulation of bash's completion by itself."
    })
final class CompletionCommand implements Callable<Integer> {

  /** The shells. */
  enum Shell {
    bash,
    zsh
  }

  private final Terminal terminal;

  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  private Shell shell;

  CompletionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    CommandLine root = new CommandLine(new Root());
    root.addSubcommand("inspect", Inspect.line(terminal));
    terminal.print(AutoComplete.bash("lamella", root).lines().toList());
    return 0;
  }

  @Command(name = "lamella")
  private static final class Root {}
}
