package dev.lamella.simulator.trace;

/** The program behind {@code bin/lamella simulate}. */
public final class Simulate {

  private Simulate() {}

  public static void main(String[] args) {
    System.exit(SimulateCommand.commandLine().execute(args));
  }
}
