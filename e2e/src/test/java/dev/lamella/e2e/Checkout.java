package dev.lamella.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where things are.
 *
 * @param root the checkout
 */
record Checkout(Path root) {

  /** Of a unix socket's 107 bytes, what the longest name below the folder of the run takes. */
  private static final int BELOW_RUN = 40;

  static Checkout find() {
    String named = System.getProperty("lamella.repository");
    Path start = Path.of(named == null ? "" : named).toAbsolutePath();
    for (Path dir = start; dir != null; dir = dir.getParent()) {
      if (Files.isDirectory(dir.resolve("e2e/controlplane"))) {
        return new Checkout(dir);
      }
    }
    throw new IllegalStateException("no checkout above " + start);
  }

  Path controlplane(String file) {
    return root.resolve("e2e/controlplane").resolve(file);
  }

  /** Upstream's programs, of the Kubernetes that is tested with. */
  Path binary() {
    return controlplane("bin").resolve(kubernetes()).resolve("controlplane");
  }

  /**
   * Another Kubernetes than the one that go.mod pins, such as 1.34: {@code -De2e.kubernetes}. Empty
   * for that one.
   */
  static String kubernetes() {
    return System.getProperty("e2e.kubernetes", "");
  }

  Path chart() {
    return root.resolve("charts/lamella");
  }

  Path example(String file) {
    return examples().resolve("two-teams").resolve(file);
  }

  Path examples() {
    return root.resolve("docs/examples");
  }

  Path cache() {
    return root.resolve("e2e/.cache");
  }

  Path logs() {
    return root.resolve("e2e/target/logs");
  }

  /** The cluster's state: sockets, certificates, etcd's data. */
  Path run() {
    Path run = root.resolve("e2e/target/run");
    int most = 107 - BELOW_RUN;
    if (run.toString().length() > most) {
      throw new IllegalStateException(
          run + " is too long for unix sockets: at most " + most + " characters");
    }
    return run;
  }

  /** The class path of both programs, as their build leaves it. */
  String programs() {
    Path lib = root.resolve("simulator/target/lib");
    if (!Files.isDirectory(lib)) {
      throw new IllegalStateException(
          lib + " is missing: run ./mvnw -Pe2e -pl e2e -am verify, which makes it");
    }
    return lib + "/*";
  }

  /** How a program's JVM is run, as in its image: an argument for java. */
  String jvm(String program) {
    return "@" + root.resolve("bin").resolve(program + ".jvm");
  }

  /** Makes the folders of a run anew. */
  void clear() throws IOException {
    for (Path dir : List.of(run(), logs())) {
      delete(dir);
      Files.createDirectories(dir);
    }
  }

  static void delete(Path dir) throws IOException {
    if (!Files.exists(dir)) {
      return;
    }
    try (Stream<Path> files = Files.walk(dir)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.deleteIfExists(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
