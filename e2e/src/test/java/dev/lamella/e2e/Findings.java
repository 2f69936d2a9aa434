package dev.lamella.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What a run has to say besides passing: a line in target/findings.txt, for .ci to show. */
final class Findings {

  private Findings() {}

  /** Adds a line, which begins with what was done. */
  static void line(Cluster cluster, String format, Object... values) throws IOException {
    String line = format.formatted(values) + "\n";
    Path file = cluster.checkout().root().resolve("e2e/target/findings.txt");
    Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    System.out.print(line);
  }
}
