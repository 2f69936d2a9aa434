package dev.lamella.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Published sources of somebody else's project, for the resource definitions that are in them. */
final class GoModule {

  private static final long SECONDS = 300;

  private GoModule() {}

  /**
   * The folder of a module's files.
   *
   * @param module name@version
   */
  static Path fetch(String module) throws IOException, InterruptedException {
    String told =
        Command.run(SECONDS, Path.of("/"), "", List.of(go(), "mod", "download", "-json", module));
    return Path.of(new ObjectMapper().readTree(told).path("Dir").asText());
  }

  private static String go() {
    Path installed = Path.of("/usr/local/go/bin/go");
    return Files.isExecutable(installed) ? installed.toString() : "go";
  }
}
