package dev.lamella.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a command to its end. */
final class Command {

  private Command() {}

  /**
   * What the command wrote to stdout.
   *
   * @param stdin what it reads
   * @throws IllegalStateException with all that it wrote, if it fails or takes too long
   */
  static String run(long seconds, Path directory, String stdin, List<String> command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("lamella-e2e", ".out");
    Path err = Files.createTempFile("lamella-e2e", ".err");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      process.getOutputStream().write(stdin.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
      boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      if (!ended || process.exitValue() != 0) {
        throw new IllegalStateException(
            "%s %s:%n%s%s"
                .formatted(
                    String.join(" ", command),
                    ended ? "ended with " + process.exitValue() : "took " + seconds + " s",
                    Files.readString(out),
                    Files.readString(err)));
      }
      return Files.readString(out);
    } finally {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }
}
