package dev.lamella.deviceplugin.container;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/**
 * The driver's files that a container needs.
 *
 * @param libraries absolute paths below the driver's root, ascending
 * @param folders the libraries' folders, ascending
 */
record DriverFiles(List<String> libraries, List<String> folders) {

  private static final List<String> FOLDERS =
      List.of("/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu");

  /**
   * Every file of one driver is named {@code libX.so.<version>}; programs ask for {@code .so.1}.
   */
  static DriverFiles find(Path root, String driverVersion) throws IOException {
    TreeSet<String> libraries = new TreeSet<>();
    TreeSet<String> folders = new TreeSet<>();
    String suffix = ".so." + driverVersion;
    for (String folder : FOLDERS) {
      Path dir = root.resolve(folder.substring(1));
      if (driverVersion == null || !Files.isDirectory(dir)) {
        continue;
      }
      try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, "lib*" + suffix)) {
        for (Path file : files) {
          String name = file.getFileName().toString();
          String soname = name.substring(0, name.length() - suffix.length()) + ".so.1";
          libraries.add(folder + "/" + name);
          if (Files.exists(dir.resolve(soname))) {
            libraries.add(folder + "/" + soname);
          }
          folders.add(folder);
        }
      }
    }
    return new DriverFiles(List.copyOf(libraries), List.copyOf(folders));
  }
}
