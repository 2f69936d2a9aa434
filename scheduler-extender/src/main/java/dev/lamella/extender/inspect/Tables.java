package dev.lamella.extender.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.extender.drawing.Columns;
import dev.lamella.extender.drawing.DrawnSlice;
import dev.lamella.extender.drawing.GpuDrawing;
import dev.lamella.extender.drawing.Table;
import dev.lamella.extender.inspect.Rows.GpuRow;
import dev.lamella.extender.inspect.Rows.HolderRow;
import dev.lamella.extender.inspect.Rows.PodRow;
import dev.lamella.extender.inspect.Rows.SliceRow;
import dev.lamella.extender.inspect.Rows.TenantRow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Rows as tables: within 100 columns, or wide. */
final class Tables {

  private final boolean wide;

  /**
   * @param wide nothing is shortened or broken, and UUIDs are shown
   */
  Tables(boolean wide) {
    this.wide = wide;
  }

  private int width() {
    return wide ? Integer.MAX_VALUE : Columns.WIDTH;
  }

  List<String> slices(List<GpuRow> gpus) {
    List<String> head = new ArrayList<>(List.of("NODE", "SLICE", "HEALTH", "USE"));
    List<Integer> most = new ArrayList<>(List.of(24, 24, 10, 12));
    if (wide) {
      head.add("UUID");
      most.add(100);
    }
    head.add("HOLDERS");
    Table table = new Table(head, most, width());
    for (GpuRow gpu : gpus) {
      for (SliceRow slice : gpu.slices()) {
        List<String> row =
            new ArrayList<>(List.of(slice.node(), slice.place(), health(slice), use(slice)));
        if (wide) {
          row.add(slice.uuid());
        }
        row.add(holders(slice));
        table.add(row.toArray(String[]::new));
      }
    }
    return table.lines();
  }

  private static String health(SliceRow slice) {
    return slice.cordoned() ? "Cordoned" : slice.health();
  }

  private static String use(SliceRow slice) {
    return slice.mode().equals("Shared")
        ? "shared %d/%d".formatted(slice.sharesUsed(), slice.sharesTotal())
        : slice.mode().toLowerCase(java.util.Locale.ROOT);
  }

  private static String holders(SliceRow slice) {
    String text = slice.holders().stream().map(Tables::holder).collect(Collectors.joining(", "));
    String reason = slice.reason() == null ? "" : "(" + slice.reason() + ")";
    return text.isEmpty() && reason.isEmpty() ? "-" : (text + " " + reason).strip();
  }

  private static String holder(HolderRow holder) {
    String pod = holder.namespace() + "/" + holder.name();
    return holder.shares() > 1 ? pod + " x" + holder.shares() : pod;
  }

  List<String> tenants(List<TenantRow> tenants) {
    Table table =
        new Table(
            List.of(
                "TENANT",
                "CLASS",
                "PRIORITY",
                "USED",
                "GUARANTEED",
                "LIMIT",
                "BORROWED",
                "PODS",
                "WAITING"),
            List.of(24, 15, 8, 8, 10, 8, 8, 5),
            width());
    for (TenantRow tenant : tenants) {
      table.add(
          tenant.name(),
          tenant.tenantClass(),
          Integer.toString(tenant.priority()),
          compute(tenant.used()),
          compute(tenant.guaranteed()),
          compute(tenant.limit()),
          compute(tenant.borrowed()),
          Integer.toString(tenant.pods()),
          Integer.toString(tenant.waiting()));
    }
    List<String> lines = new ArrayList<>(table.lines());
    for (TenantRow tenant : tenants) {
      for (String problem : tenant.problems()) {
        lines.addAll(Columns.wrapped(tenant.name() + ": " + problem, width()));
      }
    }
    return lines;
  }

  /** Compute slices; where memory alone is bounded, that. */
  private static String compute(JsonNode amounts) {
    if (amounts == null) {
      return "-";
    }
    return amounts.has("computeSlices")
        ? amounts.path("computeSlices").asText()
        : amounts.path("memory").asText("-");
  }

  List<String> pods(List<PodRow> pods) {
    Table table =
        new Table(
            List.of("NAMESPACE", "POD", "TENANT", "PHASE", "NODE", "SLICES"),
            List.of(16, 24, 14, 9, 14),
            width());
    for (PodRow pod : pods) {
      table.add(
          pod.namespace(),
          pod.name(),
          pod.tenant() == null ? "-" : pod.tenant(),
          pod.phase(),
          pod.node() == null ? "-" : pod.node(),
          holds(pod));
    }
    return table.lines();
  }

  /** What it holds, else what it was assigned, else what it asks for and why it has none. */
  private String holds(PodRow pod) {
    if (pod.held() != null && !pod.held().isEmpty()) {
      return pod.held().stream()
          .map(held -> wide ? held.text() + " " + held.uuid() : held.text())
          .collect(Collectors.joining("; "));
    }
    String needs =
        pod.needs().entrySet().stream()
            .map(need -> need.getValue() + " " + need.getKey().replace("nvidia.com/", ""))
            .collect(Collectors.joining(", "));
    if (!pod.assigned().isEmpty()) {
      return needs + " of " + String.join(", ", pod.assigned());
    }
    return pod.reason() == null ? needs : needs + ": " + pod.reason();
  }

  /** Every GPU drawn. */
  static List<String> map(List<GpuRow> gpus) {
    List<String> lines = new ArrayList<>();
    boolean marked = false;
    for (GpuRow gpu : gpus) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      lines.add(
          Columns.shortened(
              "%s, GPU %d: %s, %s".formatted(gpu.node(), gpu.index(), gpu.model(), gpu.uuid()),
              Columns.WIDTH));
      List<DrawnSlice> slices = gpu.slices().stream().map(Tables::drawn).toList();
      marked |= slices.stream().anyMatch(DrawnSlice::marked);
      lines.addAll(GpuDrawing.lines(gpu.model(), slices));
    }
    if (marked) {
      lines.add("");
      lines.add("! unhealthy or cordoned: gets no new pods");
    }
    return lines;
  }

  private static DrawnSlice drawn(SliceRow slice) {
    return new DrawnSlice(
        slice.profile(),
        slice.start(),
        slice.size(),
        slice.mode(),
        slice.sharesUsed(),
        slice.sharesTotal(),
        slice.cordoned() || !"Healthy".equals(slice.health()),
        slice.holders().stream().map(HolderRow::name).toList());
  }
}
