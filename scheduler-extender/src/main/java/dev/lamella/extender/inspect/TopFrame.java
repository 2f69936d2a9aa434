package dev.lamella.extender.inspect;

import dev.lamella.extender.drawing.Columns;
import dev.lamella.extender.drawing.Table;
import dev.lamella.extender.inspect.Rows.GpuRow;
import dev.lamella.extender.inspect.Rows.PodRow;
import dev.lamella.extender.inspect.Rows.SliceRow;
import dev.lamella.extender.inspect.UserCluster.Missing;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One look at the cluster: tenants, slices by profile, pods that wait. What is missing says so. */
final class TopFrame {

  private static final int WAITING_SHOWN = 10;

  private final UserCluster cluster;
  private final Terminal terminal;
  private final boolean allNamespaces;

  TopFrame(UserCluster cluster, Terminal terminal, boolean allNamespaces) {
    this.cluster = cluster;
    this.terminal = terminal;
    this.allNamespaces = allNamespaces;
  }

  private interface Part {
    List<String> lines() throws Missing;
  }

  List<String> lines() {
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    Terminal quiet = new Terminal(terminal.in(), terminal.out(), nowhere, terminal.environment());
    ClusterRead read = new ClusterRead(cluster, quiet);
    List<String> lines = new ArrayList<>();
    lines.addAll(part(() -> new Tables(false).tenants(read.tenants())));
    lines.add("");
    lines.addAll(part(() -> slices(read.gpus())));
    lines.add("");
    lines.addAll(part(() -> waiting(read)));
    return lines;
  }

  private static List<String> part(Part part) {
    try {
      return part.lines();
    } catch (Missing e) {
      return Columns.wrapped(e.getMessage(), Columns.WIDTH);
    }
  }

  private static List<String> slices(List<GpuRow> gpus) {
    Map<String, int[]> counts = new TreeMap<>();
    for (GpuRow gpu : gpus) {
      for (SliceRow slice : gpu.slices()) {
        int[] count = counts.computeIfAbsent(slice.profile(), profile -> new int[6]);
        boolean usable = slice.health().equals("Healthy") && !slice.cordoned();
        count[0]++;
        count[1] += slice.mode().equals("Whole") ? 1 : 0;
        count[2] += slice.mode().equals("Shared") ? 1 : 0;
        count[3] += slice.mode().equals("Free") && usable ? 1 : 0;
        count[4] += usable ? 0 : 1;
        count[5] +=
            slice.mode().equals("Shared") && usable ? slice.sharesTotal() - slice.sharesUsed() : 0;
      }
    }
    Table table =
        new Table(
            List.of("PROFILE", "SLICES", "WHOLE", "SHARED", "FREE", "UNUSABLE", "SHARES LEFT"),
            List.of(16, 8, 8, 8, 8, 8),
            Columns.WIDTH);
    counts.forEach(
        (profile, n) ->
            table.add(
                profile,
                Integer.toString(n[0]),
                Integer.toString(n[1]),
                Integer.toString(n[2]),
                Integer.toString(n[3]),
                Integer.toString(n[4]),
                Integer.toString(n[5])));
    return table.lines();
  }

  private List<String> waiting(ClusterRead read) throws Missing {
    List<PodRow> waiting = pods(read).stream().filter(TopFrame::waits).toList();
    List<String> lines = new ArrayList<>();
    lines.addAll(new Tables(false).pods(waiting.stream().limit(WAITING_SHOWN).toList()));
    if (waiting.isEmpty()) {
      return List.of("no pod waits");
    }
    if (waiting.size() > WAITING_SHOWN) {
      lines.add("and %d more".formatted(waiting.size() - WAITING_SHOWN));
    }
    return lines;
  }

  /** All namespaces if the user may, or else the context's. */
  private List<PodRow> pods(ClusterRead read) throws Missing {
    try {
      return read.pods(Optional.empty(), null);
    } catch (Missing e) {
      if (allNamespaces) {
        throw e;
      }
      return read.pods(Optional.of(cluster.namespace()), null);
    }
  }

  private static boolean waits(PodRow pod) {
    return pod.node() == null && pod.phase().equals("Pending");
  }
}
