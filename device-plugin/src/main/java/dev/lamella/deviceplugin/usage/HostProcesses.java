package dev.lamella.deviceplugin.usage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The node's processes, as procfs shows them. */
final class HostProcesses {

  /** The PID namespace that the kernel makes first has this number (PROC_PID_INIT_INO). */
  private static final String HOST = "pid:[4026531836]";

  private final Path procRoot;

  HostProcesses(Path procRoot) {
    this.procRoot = procRoot;
  }

  /** Whether PIDs mean the host's: in another namespace the same number is another process. */
  boolean visible() {
    try {
      return Files.readSymbolicLink(procRoot.resolve("self/ns/pid")).toString().equals(HOST);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** The UID of the pod that a process belongs to; empty if it is none's or has ended. */
  Optional<String> podUid(int pid) {
    Path file = procRoot.resolve(Integer.toString(pid)).resolve("cgroup");
    try {
      return Cgroups.podUid(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
