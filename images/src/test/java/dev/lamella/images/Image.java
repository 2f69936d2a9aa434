package dev.lamella.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * An image, unpacked once for all tests.
 *
 * @param name such as lamella-device-plugin-amd64
 * @param root its file system, layer over layer
 * @param config its configuration as the image specification has it
 */
record Image(String name, Path root, JsonNode config) {

  static final List<String> PROGRAMS = List.of("device-plugin", "scheduler-extender");
  static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Map<String, Image> UNPACKED = new ConcurrentHashMap<>();

  /** The image of a program for an architecture. */
  static Image of(String program, String architecture) {
    return UNPACKED.computeIfAbsent("lamella-" + program + "-" + architecture, Image::unpack);
  }

  /** The image of a program that this machine can run. */
  static Image runnable(String program) {
    return of(program, System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");
  }

  static Path tarball(String name) {
    return TARGET.resolve(name + ".tar");
  }

  private static Image unpack(String name) {
    try {
      Path folder = TARGET.resolve("unpacked").resolve(name);
      tar("rm", "-rf", folder.toString());
      Path root = Files.createDirectories(folder.resolve("root"));
      tar("tar", "-x", "-f", tarball(name).toString(), "-C", folder.toString());
      JsonNode manifest = JSON.readTree(folder.resolve("manifest.json").toFile()).path(0);
      for (JsonNode layer : manifest.path("Layers")) {
        String file = folder.resolve(layer.asText()).toString();
        tar("tar", "-x", "-p", "--same-owner", "-f", file, "-C", root.toString());
      }
      Path config = folder.resolve(manifest.path("Config").asText());
      return new Image(name, root, JSON.readTree(config.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void tar(String... command) throws IOException {
    // Jib writes a header of another tar's making; GNU tar says at each file that it knows it not.
    List<String> whole = new ArrayList<>(List.of(command));
    if (command[0].equals("tar")) {
      whole.add("--warning=no-unknown-keyword");
    }
    Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.onExit().join().exitValue()).as(whole + ": " + said).isZero();
  }

  /** Its labels, user, environment and entrypoint. */
  JsonNode settings() {
    return config.path("config");
  }

  /** Everything in it, links not followed, by its path in the image. */
  List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> !file.equals(root)).map(root::relativize).sorted().toList();
    }
  }

  /** The jars in it, by file name. */
  List<Path> jars() throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("app/lib"))) {
      return files.sorted().toList();
    }
  }

  /** The bill of materials that it carries. */
  JsonNode materials() throws IOException {
    String program = name.replaceAll("^lamella-|-[^-]*$", "");
    return JSON.readTree(root.resolve("usr/share/sbom/" + program + ".cdx.json").toFile());
  }

  /** What a container runtime would start, for {@link Running}. */
  List<String> entrypoint() {
    List<String> command = new ArrayList<>();
    settings().path("Entrypoint").forEach(argument -> command.add(argument.asText()));
    return command;
  }

  List<String> environment() {
    List<String> environment = new ArrayList<>();
    settings().path("Env").forEach(variable -> environment.add(variable.asText()));
    return environment;
  }

  String user() {
    return settings().path("User").asText();
  }

  @Override
  public String toString() {
    return name;
  }
}
