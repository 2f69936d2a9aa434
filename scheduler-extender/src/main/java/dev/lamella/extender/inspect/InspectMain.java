package dev.lamella.extender.inspect;

import java.util.logging.Level;
import java.util.logging.Logger;

/** The command line. */
public final class InspectMain {

  private InspectMain() {}

  public static void main(String[] args) {
    // What libraries have to say is not part of the answer.
    Logger.getLogger("").setLevel(Level.SEVERE);
    System.exit(
        Inspect.run(new Terminal(System.in, System.out, System.err, System.getenv()), args));
  }
}
