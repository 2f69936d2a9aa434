package dev.lamella.deviceplugin.usage;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the pod out of {@code /proc/PID/cgroup}. Lines are {@code ID:CONTROLLERS:PATH}, one for
 * each hierarchy of version 1 and one of version 2. The kubelet names a pod's group by its UID:
 * {@code podUID} with the cgroupfs driver, {@code ...-podUID.slice} with dashes as underscores with
 * the systemd driver. Below stands the container's, named by the runtime: containerd's {@code ID}
 * or {@code cri-containerd-ID.scope}, CRI-O's {@code crio-ID} or {@code crio-ID.scope}.
 */
final class Cgroups {

  private static final String HEX4 = "[-_]?[0-9a-f]{4}";

  /** A static pod's UID is a hash without separators. */
  private static final Pattern POD =
      Pattern.compile(
          "(?:^|[/-])pod([0-9a-f]{8}"
              + HEX4
              + HEX4
              + HEX4
              + "[-_]?[0-9a-f]{12})(?:\\.slice)?(?=[/:]|$)");

  private Cgroups() {}

  /**
   * The UID of the pod that a process belongs to; empty for one of the host.
   *
   * @param lines of the file, in any order
   */
  static Optional<String> podUid(List<String> lines) {
    for (String line : lines) {
      String[] parts = line.split(":", 3);
      Matcher pod = POD.matcher(parts.length == 3 ? parts[2] : "");
      String uid = null;
      // The innermost: a kubelet may itself run inside a pod.
      while (pod.find()) {
        uid = pod.group(1).replace('_', '-');
      }
      if (uid != null) {
        return Optional.of(uid);
      }
    }
    return Optional.empty();
  }
}
