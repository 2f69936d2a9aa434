package dev.lamella.deviceplugin.kubelet;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kubelet's device-plugins folder: its socket and ours. */
final class PluginFolder {

  private static final Logger LOG = LoggerFactory.getLogger(PluginFolder.class);
  private static final String PREFIX = "lamella-";

  private final Path folder;
  private final String start;
  private int served;

  /**
   * @param start a word unique to this start of the daemon: older kubelets know a plugin by its
   *     socket's name, and an old stream's end can cut off a new plugin of the same name
   */
  PluginFolder(Path kubeletDir, String start) {
    this.folder = kubeletDir.resolve("device-plugins");
    this.start = start;
  }

  /** Whether a socket's name is one of this daemon's, of this start or another. */
  static boolean ours(String name) {
    return name.startsWith(PREFIX);
  }

  Path path() {
    return folder;
  }

  boolean exists() {
    return Files.isDirectory(folder);
  }

  Path kubeletSocket() {
    return folder.resolve("kubelet.sock");
  }

  /** A name that was not used before. */
  Path newSocket() {
    return folder.resolve(PREFIX + start + "-" + served++ + ".sock");
  }

  /** Which kubelet.sock this is: another one after a restart; empty if there is none. */
  Optional<String> kubelet() {
    try {
      BasicFileAttributes file = Files.readAttributes(kubeletSocket(), BasicFileAttributes.class);
      return Optional.of(file.fileKey() + "@" + file.lastModifiedTime());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Removes sockets that earlier starts left behind. */
  void removeStale() {
    String own = PREFIX + start + "-";
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, PREFIX + "*.sock")) {
      for (Path socket : found) {
        if (!socket.getFileName().toString().startsWith(own)) {
          Files.deleteIfExists(socket);
        }
      }
    } catch (IOException e) {
      LOG.warn("stale sockets in {} were not all removed: {}", folder, e.toString());
    }
  }
}
