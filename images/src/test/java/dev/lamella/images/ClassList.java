package dev.lamella.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Which classes a program loads, and where from. */
final class ClassList {

  private static final boolean TRAINING = Boolean.getBoolean("image.train");

  /** An archive of fewer no longer fits the program, and is to be trained again. */
  private static final double LEAST_ARCHIVED = 0.9;

  /** Its jars are signed, and what is signed is never archived. */
  private static final String SIGNED = "org/bouncycastle/";

  private static final Path LISTS = Path.of("src/main/cds");
  private static final String LOG = "/logs";

  private final String program;
  private final Path logs;

  private ClassList(String program, Path logs) {
    this.program = program;
    this.logs = logs;
  }

  static ClassList of(String program, Path folder) throws IOException {
    Path logs = Files.createDirectories(folder.resolve(program + "-classes"));
    Files.setPosixFilePermissions(logs, PosixFilePermissions.fromString("rwxrwxrwx"));
    return new ClassList(program, logs);
  }

  /** Has the JVM say what it loads. */
  Running.Start watch(Running.Start start) throws IOException {
    Path own = Image.runnable(program).root().resolve("app/jvm");
    List<String> flags = new ArrayList<>(Files.readAllLines(own));
    if (TRAINING) {
      // Without the archive: what is found in it is not all listed.
      flags.removeIf(flag -> flag.startsWith("-XX:SharedArchiveFile="));
      flags.add("-XX:DumpLoadedClassList=" + LOG + "/list");
    } else {
      flags.add("-Xlog:class+load:file=" + LOG + "/loaded");
    }
    Path jvm = Files.write(logs.resolve("jvm"), flags);
    return start.mounting(logs, LOG).mounting(jvm, "/app/jvm");
  }

  /** Once the program has ended: most came from the archive; or the list is renewed. */
  void check() throws IOException {
    if (TRAINING) {
      Files.write(LISTS.resolve(program + ".classes"), sorted());
      return;
    }
    List<String> loaded =
        Files.readAllLines(logs.resolve("loaded")).stream()
            .filter(line -> line.contains(" source: ") && !line.contains("0x"))
            .filter(line -> !line.contains(SIGNED.replace('/', '.')))
            .toList();
    long archived = loaded.stream().filter(line -> line.contains("shared objects file")).count();
    System.out.printf("%s: %d of %d classes from the archive%n", program, archived, loaded.size());
    assertThat(loaded).isNotEmpty();
    assertThat(archived / (double) loaded.size())
        .as("share of %d classes from the archive; -Dimage.train renews its list", loaded.size())
        .isGreaterThan(LEAST_ARCHIVED);
  }

  /** In an order of its own, or threads that race would change the image. */
  private TreeSet<String> sorted() throws IOException {
    TreeSet<String> classes = new TreeSet<>();
    for (String line : Files.readAllLines(logs.resolve("list"))) {
      // Classes of loaders of their own are not archived, either.
      if (!line.startsWith("#") && !line.contains(" source: ") && !line.startsWith(SIGNED)) {
        classes.add(line.replaceFirst(" id: \\d+$", ""));
      }
    }
    return classes;
  }
}
