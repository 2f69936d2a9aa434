package dev.lamella.extender.inspect;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * What the command is connected to.
 *
 * @param environment of the process
 */
public record Terminal(
    InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {

  void print(Iterable<String> lines) {
    lines.forEach(out::println);
    out.flush();
  }

  /** Says on stderr what is missing. */
  void warn(String text) {
    err.println("lamella: " + text);
  }
}
