package dev.lamella.simulator.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The example that is shown when nothing else is named: docs/examples/two-teams, which the build
 * packs beside the classes.
 */
final class Example {

  private static final String RESOURCES = "/examples/two-teams/";
  private static final String NODES = "nodes.yaml";

  /** In the order in which a user would apply them. */
  private static final List<String> MANIFESTS =
      List.of("namespaces.yaml", "tenants.yaml", "quotas.yaml", "alpha.yaml", "beta.yaml");

  private Example() {}

  /** Writes the layout to a folder. */
  static Path nodes(Path folder) throws IOException {
    return copy(NODES, folder);
  }

  /** Writes the manifests to a folder. */
  static List<Path> manifests(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String name : MANIFESTS) {
      files.add(copy(name, folder));
    }
    return files;
  }

  private static Path copy(String name, Path folder) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = Example.class.getResourceAsStream(RESOURCES + name)) {
      if (in == null) {
        throw new IOException("the build has no resource " + RESOURCES + name);
      }
      Files.copy(in, file);
    }
    return file;
  }
}
