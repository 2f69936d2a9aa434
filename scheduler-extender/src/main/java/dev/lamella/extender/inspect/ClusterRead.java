package dev.lamella.extender.inspect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.Holder;
import dev.lamella.core.api.LamellaApi;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.Tenants;
import dev.lamella.extender.inspect.Rows.GpuRow;
import dev.lamella.extender.inspect.Rows.HeldRow;
import dev.lamella.extender.inspect.Rows.HolderRow;
import dev.lamella.extender.inspect.Rows.PodRow;
import dev.lamella.extender.inspect.Rows.SliceRow;
import dev.lamella.extender.inspect.Rows.TenantRow;
import dev.lamella.extender.inspect.UserCluster.Missing;
import dev.lamella.extender.kube.GpuNodeJson;
import dev.lamella.extender.kube.PodJson;
import dev.lamella.extender.kube.TenantJson;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what the user may read. What only adds to an answer and is missing becomes a warning. */
final class ClusterRead {

  private static final String LAMELLA =
      "/apis/" + LamellaApi.GROUP + "/" + LamellaApi.VERSION + "/";

  private final UserCluster cluster;
  private final Terminal terminal;
  private Tenants tenants;

  ClusterRead(UserCluster cluster, Terminal terminal) {
    this.cluster = cluster;
    this.terminal = terminal;
  }

  /**
   * Every GPU with its slices, by node.
   *
   * @throws Missing if the user may not list GpuNodes
   */
  List<GpuRow> gpus() throws Missing {
    List<GpuRow> rows = new ArrayList<>();
    for (JsonNode item :
        cluster.list(
            LAMELLA + LamellaApi.GPU_NODES,
            "list gpunodes.lamella.dev, which say who holds which slice")) {
      GpuNodeJson node = read(item, GpuNodeJson.class);
      if (node.status() != null) {
        for (GpuStatus gpu : node.status().gpus()) {
          rows.add(gpu(node, gpu, node.status().gpus().indexOf(gpu)));
        }
      }
    }
    rows.sort(Comparator.comparing(GpuRow::node).thenComparing(GpuRow::index));
    return rows;
  }

  private GpuRow gpu(GpuNodeJson node, GpuStatus gpu, int index) {
    List<String> cordoned = node.spec() == null ? List.of() : node.spec().cordoned();
    String name = node.metadata().name();
    List<SliceRow> slices =
        gpu.slices().stream()
            .sorted(Comparator.comparing(SliceStatus::start).thenComparing(SliceStatus::uuid))
            .map(slice -> slice(name, gpu, index, slice, cordoned))
            .toList();
    return new GpuRow(name, index, gpu.uuid(), gpu.model(), slices);
  }

  private SliceRow slice(
      String node, GpuStatus gpu, int index, SliceStatus slice, List<String> cordoned) {
    return new SliceRow(
        node,
        index,
        gpu.uuid(),
        gpu.model(),
        slice.uuid(),
        slice.profile(),
        slice.start(),
        slice.size(),
        slice.health(),
        slice.reason(),
        cordoned.contains(gpu.uuid()) || cordoned.contains(slice.uuid()),
        slice.mode(),
        slice.holders().stream().mapToInt(Holder::shares).sum(),
        slice.sharesTotal(),
        slice.holders().stream()
            .map(h -> new HolderRow(tenant(h.namespace()), h.namespace(), h.name(), h.shares()))
            .toList());
  }

  /**
   * Every tenant, by name.
   *
   * @throws Missing if the user may not list tenants
   */
  List<TenantRow> tenants() throws Missing {
    List<TenantRow> rows = new ArrayList<>();
    for (JsonNode item : tenantItems()) {
      JsonNode spec = item.path("spec");
      JsonNode status = item.path("status");
      List<String> problems = new ArrayList<>();
      for (JsonNode condition : status.path("conditions")) {
        if (condition.path("status").asText().equals("False")) {
          problems.add(condition.path("type").asText() + ": " + condition.path("message").asText());
        }
      }
      rows.add(
          new TenantRow(
              item.at("/metadata/name").asText(),
              spec.path("class").asText(),
              spec.path("priority").asInt(0),
              spec.path("cohort").asText(Tenant.DEFAULT_COHORT),
              orNull(spec.at("/quota/guaranteed")),
              orNull(spec.at("/quota/limit")),
              orNull(status.path("used")),
              orNull(status.path("guaranteedUsed")),
              orNull(status.path("borrowed")),
              status.path("pods").asInt(0),
              status.path("waiting").asInt(0),
              problems));
    }
    rows.sort(Comparator.comparing(TenantRow::name));
    return rows;
  }

  private List<JsonNode> tenantItems() throws Missing {
    return cluster.list(
        LAMELLA + LamellaApi.TENANTS, "list tenants.lamella.dev, which say who may use how much");
  }

  /**
   * Pods that ask for slices, by namespace and name.
   *
   * @param namespace empty for all
   * @param gpus the nodes' reports; null if they cannot be read
   * @throws Missing if the user may not list them
   */
  List<PodRow> pods(Optional<String> namespace, List<GpuRow> gpus) throws Missing {
    String path = namespace.map(n -> "/api/v1/namespaces/" + n + "/pods").orElse("/api/v1/pods");
    String where = namespace.map(n -> " in namespace " + n).orElse(" in all namespaces");
    List<PodRow> rows = new ArrayList<>();
    for (JsonNode item : cluster.list(path, "list pods" + where)) {
      pod(item, gpus).ifPresent(rows::add);
    }
    rows.sort(Comparator.comparing(PodRow::namespace).thenComparing(PodRow::name));
    return rows;
  }

  private Optional<PodRow> pod(JsonNode item, List<GpuRow> gpus) {
    return read(item, PodJson.class)
        .fact()
        .map(
            pod ->
                new PodRow(
                    pod.ref().namespace(),
                    pod.ref().name(),
                    tenant(pod.ref().namespace()),
                    item.at("/status/phase").asText("Pending"),
                    pod.node().orElse(null),
                    needs(pod),
                    gpus == null ? null : held(pod, gpus),
                    slices(pod),
                    reason(item)));
  }

  private static Map<String, Integer> needs(PodFact pod) {
    Map<String, Integer> needs = new LinkedHashMap<>();
    pod.needs().totals().forEach((resource, count) -> needs.put(resource.text(), count));
    return needs;
  }

  private static List<HeldRow> held(PodFact pod, List<GpuRow> gpus) {
    List<HeldRow> held = new ArrayList<>();
    for (GpuRow gpu : gpus) {
      for (SliceRow slice : gpu.slices()) {
        slice.holders().stream()
            .filter(h -> pod.ref().namespace().equals(h.namespace()))
            .filter(h -> pod.ref().name().equals(h.name()))
            .map(h -> new HeldRow(slice.uuid(), slice.place(), h.shares(), slice.sharesTotal()))
            .forEach(held::add);
      }
    }
    return held;
  }

  private static List<String> slices(PodFact pod) {
    return pod.assignment().map(Assignment::held).orElse(List.of()).stream()
        .flatMap(held -> held.slices().stream())
        .toList();
  }

  private static String reason(JsonNode pod) {
    for (JsonNode condition : pod.at("/status/conditions")) {
      boolean scheduled = condition.path("type").asText().equals("PodScheduled");
      if (scheduled && condition.path("status").asText().equals("False")) {
        return condition.path("message").asText(condition.path("reason").asText(""));
      }
    }
    String message = pod.at("/status/message").asText("");
    return message.isEmpty() ? null : message;
  }

  /** Whose a namespace is; null if tenants cannot be read. */
  private String tenant(String namespace) {
    if (tenants == null) {
      tenants = readTenants();
    }
    return tenants == Tenants.NONE ? null : tenants.of(namespace).name();
  }

  private Tenants readTenants() {
    try {
      List<Tenant> list = new ArrayList<>();
      for (JsonNode item : tenantItems()) {
        try {
          list.add(read(item, TenantJson.class).tenant());
        } catch (IllegalArgumentException e) {
          terminal.warn(
              "tenant %s: %s".formatted(item.at("/metadata/name").asText(), e.getMessage()));
        }
      }
      boolean byLabels = list.stream().anyMatch(tenant -> !tenant.claim().labels().isEmpty());
      return new Tenants(list, byLabels ? namespaces() : Map.of());
    } catch (Missing e) {
      terminal.warn(e.getMessage() + ": tenants are not shown");
      return Tenants.NONE;
    }
  }

  private Map<String, Map<String, String>> namespaces() {
    Map<String, Map<String, String>> labels = new HashMap<>();
    try {
      for (JsonNode item : cluster.list("/api/v1/namespaces", "list namespaces")) {
        Map<String, String> its = new HashMap<>();
        item.at("/metadata/labels")
            .properties()
            .forEach(label -> its.put(label.getKey(), label.getValue().asText()));
        labels.put(item.at("/metadata/name").asText(), its);
      }
    } catch (Missing e) {
      terminal.warn(e.getMessage() + ": tenants that claim by labels are not shown as owners");
    }
    return labels;
  }

  private static JsonNode orNull(JsonNode node) {
    return node.isMissingNode() || node.isNull() ? null : node;
  }

  private <T> T read(JsonNode item, Class<T> type) {
    try {
      return cluster.json().treeToValue(item, type);
    } catch (JsonProcessingException e) {
      throw InspectFailed.failed(
          "%s cannot be read: %s"
              .formatted(item.at("/metadata/name").asText(), e.getOriginalMessage()),
          e);
    }
  }
}
