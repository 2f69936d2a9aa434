package dev.lamella.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in the images, and what is not. */
class ContentsTest {

  private static final int SETUID_OR_SETGID = 06000;
  private static final long MIB = 1 << 20;

  /** As it is pulled; they have about two thirds of it. */
  private static final long LARGEST = 120 * MIB;

  static Stream<Image> images() {
    return Image.PROGRAMS.stream()
        .flatMap(program -> Image.ARCHITECTURES.stream().map(arch -> Image.of(program, arch)));
  }

  @ParameterizedTest
  @MethodSource("images")
  void saysWhatItIs(Image image) {
    JsonNode labels = image.settings().path("Labels");
    assertThat(image.name())
        .startsWith(labels.path("org.opencontainers.image.title").asText() + "-")
        .endsWith("-" + image.config().path("architecture").asText());
    assertThat(labels.path("org.opencontainers.image.version").asText()).isNotEmpty();
    assertThat(labels.path("org.opencontainers.image.licenses").asText()).isEqualTo("Apache-2.0");
    assertThat(labels.path("org.opencontainers.image.description").asText()).isNotEmpty();
    assertThat(image.config().path("os").asText()).isEqualTo("linux");
  }

  @ParameterizedTest
  @MethodSource("images")
  void runsAsNobodyUnlessTheNodeWantsRoot(Image image) {
    assertThat(image.user())
        .isEqualTo(image.name().contains("device-plugin") ? "0:0" : "65532:65532");
  }

  @Test
  void isNamedAsTheChartExpects() throws IOException {
    String chart = Files.readString(Path.of("../charts/lamella/Chart.yaml"));
    String version = System.getProperty("image.tag");
    assertThat(chart.lines()).contains("appVersion: " + version);
    for (String program : Image.PROGRAMS) {
      String manifest =
          new String(
              new ProcessBuilder(
                      "tar",
                      "-xOf",
                      Image.tarball("lamella-" + program + "-amd64").toString(),
                      "manifest.json")
                  .start()
                  .getInputStream()
                  .readAllBytes());
      assertThat(manifest).contains("\"lamella-" + program + ":" + version + "\"");
    }
  }

  @ParameterizedTest
  @MethodSource("images")
  void nothingInItGivesRightsOrIsOpenToAll(Image image) throws IOException {
    List<Path> rights = new ArrayList<>();
    List<Path> open = new ArrayList<>();
    for (Path file : image.files()) {
      Path here = image.root().resolve(file);
      if (((int) Files.getAttribute(here, "unix:mode", LinkOption.NOFOLLOW_LINKS)
              & SETUID_OR_SETGID)
          != 0) {
        rights.add(file);
      }
      if (!Files.isSymbolicLink(here)
          && Files.getPosixFilePermissions(here).contains(PosixFilePermission.OTHERS_WRITE)) {
        open.add(file);
      }
    }
    assertThat(rights).as("setuid or setgid").isEmpty();
    assertThat(open).as("writable by all").containsExactly(Path.of("tmp"));
  }

  @ParameterizedTest
  @MethodSource("images")
  void onlyJavaCanBeStarted(Image image) throws IOException {
    List<String> programs = new ArrayList<>();
    for (Path file : image.files()) {
      Path here = image.root().resolve(file);
      if (Files.isRegularFile(here, LinkOption.NOFOLLOW_LINKS)
          && Files.getPosixFilePermissions(here).contains(PosixFilePermission.OTHERS_EXECUTE)
          && !file.getFileName().toString().matches(".*\\.so(\\..*)?")) {
        programs.add(file.toString());
      }
    }
    assertThat(programs)
        .containsExactlyInAnyOrder(
            "opt/java/bin/java", "opt/java/lib/jexec", "opt/java/lib/jspawnhelper");
  }

  @ParameterizedTest
  @MethodSource("images")
  void everyFileIsReadableByItsUser(Image image) throws IOException {
    for (Path file : image.files()) {
      Path here = image.root().resolve(file);
      if (!Files.isSymbolicLink(here)) {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(here);
        assertThat(PosixFilePermissions.toString(permissions))
            .as(file.toString())
            .matches(Files.isDirectory(here) ? ".......?r-x|rwxrwxrwx" : "......r..");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("images")
  void nativeCodeIsOfItsArchitectureAlone(Image image) throws IOException {
    String machine = image.name().endsWith("amd64") ? "3e00" : "b700";
    Set<String> machines = new TreeSet<>();
    for (Path file : image.files()) {
      Path here = image.root().resolve(file);
      if (Files.isRegularFile(here, LinkOption.NOFOLLOW_LINKS) && Files.size(here) > 20) {
        byte[] head = head(here, 20);
        if (HexFormat.of().formatHex(head, 0, 4).equals("7f454c46")) {
          machines.add(HexFormat.of().formatHex(head, 18, 20));
        }
      }
    }
    assertThat(machines).as("e_machine of its ELF files").containsExactly(machine);
    assertThat(image.jars())
        .extracting(jar -> jar.getFileName().toString())
        .noneMatch(jar -> jar.contains(image.name().endsWith("amd64") ? "arm64" : "x86_64"));
  }

  private static byte[] head(Path file, int length) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return in.readNBytes(length);
    }
  }

  @ParameterizedTest
  @MethodSource("images")
  void theClassPathIsItsJars(Image image) throws IOException {
    List<String> main = Files.readAllLines(image.root().resolve("app/main"));
    assertThat(List.of(main.get(1).split(":")))
        .containsExactlyElementsOf(
            image.jars().stream().map(jar -> "/app/lib/" + jar.getFileName()).toList());
  }

  @ParameterizedTest
  @MethodSource("images")
  void theBillOfMaterialsNamesEveryJarAndPackage(Image image) throws IOException {
    JsonNode materials = image.materials();
    Collection<String> named = new TreeSet<>();
    Collection<String> packages = new TreeSet<>();
    named.add(file(materials.at("/metadata/component")));
    for (JsonNode component : materials.path("components")) {
      String purl = component.path("purl").asText();
      if (purl.startsWith("pkg:deb/")) {
        packages.add(component.path("name").asText());
      } else {
        named.add(file(component));
      }
    }
    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(
            image.jars().stream().map(jar -> jar.getFileName().toString()).toList());
    try (Stream<Path> entries = Files.list(image.root().resolve("var/lib/dpkg/status.d"))) {
      assertThat(packages)
          .contains("libc6", "openjdk-17-jdk-headless")
          .containsExactlyInAnyOrderElementsOf(
              entries.map(entry -> entry.getFileName().toString()).toList());
    }
    assertThat(Path.of("target", image.name() + ".cdx.json"))
        .as("beside the tarball")
        .hasSameTextualContentAs(
            image.root().resolve("usr/share/sbom").toFile().listFiles()[0].toPath());
  }

  @ParameterizedTest
  @MethodSource("images")
  void jarsAreTheOnesThatTheBillOfMaterialsMeans(Image image) throws Exception {
    int compared = 0;
    for (JsonNode component : image.materials().path("components")) {
      for (JsonNode hash : component.path("hashes")) {
        if (hash.path("alg").asText().equals("SHA-256")) {
          byte[] jar = Files.readAllBytes(image.root().resolve("app/lib").resolve(file(component)));
          byte[] digest = MessageDigest.getInstance("SHA-256").digest(jar);
          assertThat(HexFormat.of().formatHex(digest))
              .as(file(component))
              .isEqualTo(hash.path("content").asText());
          compared++;
        }
      }
    }
    // All but the program's own, of which there is no hash: it is what the list is about.
    assertThat(compared).isEqualTo(image.jars().size() - 1);
  }

  /** The file's name that a Maven repository would give it. */
  private static String file(JsonNode component) {
    String purl = component.path("purl").asText();
    String classifier =
        purl.contains("classifier=") ? purl.replaceAll(".*classifier=([^&]*).*", "-$1") : "";
    return component.path("name").asText()
        + "-"
        + component.path("version").asText()
        + classifier
        + ".jar";
  }

  @ParameterizedTest
  @MethodSource("images")
  void licencesGoAlong(Image image) {
    assertThat(image.root().resolve("usr/share/doc/lamella/LICENSE")).exists();
    assertThat(image.root().resolve("usr/share/doc/libc6/copyright")).exists();
    assertThat(image.root().resolve("opt/java/legal/java.base/LICENSE")).exists();
  }

  @ParameterizedTest
  @MethodSource("images")
  void isSmall(Image image) throws IOException {
    long pulled = Files.size(Image.tarball(image.name()));
    long unpacked = 0;
    for (Path file : image.files()) {
      unpacked += Files.isSymbolicLink(file) ? 0 : sizeOf(image.root().resolve(file));
    }
    System.out.printf("%s: %d MiB pulled, %d MiB unpacked%n", image, pulled / MIB, unpacked / MIB);
    assertThat(pulled).isLessThan(LARGEST);
  }

  private static long sizeOf(Path file) throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
  }
}
