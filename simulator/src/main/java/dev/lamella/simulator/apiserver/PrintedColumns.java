package dev.lamella.simulator.apiserver;

import static dev.lamella.simulator.apiserver.PrintedColumn.age;
import static dev.lamella.simulator.apiserver.PrintedColumn.at;
import static dev.lamella.simulator.apiserver.PrintedColumn.objectName;
import static dev.lamella.simulator.apiserver.PrintedColumn.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * The table that kubectl prints, where it asks for one: the server's to choose. Kinds that are not
 * named here have a name and an age.
 */
final class PrintedColumns {

  private static final String META_VERSION = "meta.k8s.io/v1";
  private static final List<PrintedColumn> OTHERS = List.of(objectName(), age());

  private static final Map<String, List<PrintedColumn>> BY_KIND =
      Map.of(
          "Namespace",
          List.of(objectName(), at("Status", "string", "/status/phase"), age()),
          "Node",
          List.of(
              objectName(),
              text("Status", PrintedColumns::ready),
              text("Roles", node -> "<none>"),
              age(),
              at("Version", "string", "/status/nodeInfo/kubeletVersion")),
          "Pod",
          List.of(
              objectName(),
              text("Ready", PrintedColumns::containersReady),
              text("Status", PrintedPodStatus::of),
              text("Restarts", PrintedColumns::restarts),
              age(),
              text("IP", pod -> orNone(pod.at("/status/podIP"))).wide(),
              text("Node", pod -> orNone(pod.at("/spec/nodeName"))).wide()),
          "Deployment",
          List.of(
              objectName(),
              text("Ready", d -> count(d, "/status/readyReplicas") + "/" + wanted(d)),
              text("Up-to-date", d -> count(d, "/status/updatedReplicas")),
              text("Available", d -> count(d, "/status/availableReplicas")),
              age()),
          "ReplicaSet",
          List.of(
              objectName(),
              text("Desired", PrintedColumns::wanted),
              text("Current", r -> count(r, "/status/replicas")),
              text("Ready", r -> count(r, "/status/readyReplicas")),
              age()),
          "Job",
          List.of(
              objectName(),
              text("Completions", j -> count(j, "/status/succeeded") + "/" + completions(j)),
              age()),
          "GpuNode",
          List.of(
              objectName(),
              at("Serving", "boolean", "/status/serving"),
              at("Driver", "string", "/status/driverVersion"),
              at("Models", "string", "/status/gpus/0/model"),
              age()),
          "Tenant",
          List.of(
              objectName(),
              at("Class", "string", "/spec/class"),
              at("Priority", "integer", "/spec/priority"),
              at("Cohort", "string", "/spec/cohort").wide(),
              at("Guaranteed", "string", "/spec/quota/guaranteed/computeSlices"),
              at("Limit", "string", "/spec/quota/limit/computeSlices"),
              at("Used", "string", "/status/used/computeSlices"),
              at("Borrowed", "string", "/status/borrowed/computeSlices"),
              at("Pods", "integer", "/status/pods"),
              at("Waiting", "integer", "/status/waiting"),
              age()));

  private PrintedColumns() {}

  private static List<PrintedColumn> of(String kind) {
    return BY_KIND.getOrDefault(kind, OTHERS);
  }

  /** A table of a kind, with no rows. */
  static ObjectNode table(String kind) {
    ObjectNode table = JsonNodeFactory.instance.objectNode();
    table.put("kind", "Table").put("apiVersion", META_VERSION);
    var definitions = table.putArray("columnDefinitions");
    for (PrintedColumn column : of(kind)) {
      definitions
          .addObject()
          .put("name", column.name())
          .put("type", column.type())
          .put("format", column.name().equals("Name") ? "name" : "")
          .put("description", "")
          .put("priority", column.priority());
    }
    return table;
  }

  /** A row: the cells, and what identifies the object. */
  static ObjectNode row(String kind, ObjectNode object) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    var cells = row.putArray("cells");
    of(kind).forEach(column -> cells.add(column.cell().apply(object)));
    row.set("object", View.METADATA.of(object));
    return row;
  }

  private static String orNone(JsonNode text) {
    return text.asText("").isEmpty() ? "<none>" : text.asText();
  }

  private static String count(JsonNode object, String pointer) {
    return Long.toString(object.at(pointer).asLong());
  }

  private static String wanted(JsonNode object) {
    return Long.toString(object.at("/spec/replicas").asLong(1));
  }

  private static String completions(JsonNode job) {
    return Long.toString(job.at("/spec/completions").asLong(1));
  }

  private static String ready(JsonNode node) {
    String status = "Unknown";
    for (JsonNode condition : node.at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        status = condition.path("status").asText().equals("True") ? "Ready" : "NotReady";
      }
    }
    return node.at("/spec/unschedulable").asBoolean() ? status + ",SchedulingDisabled" : status;
  }

  private static String containersReady(JsonNode pod) {
    int ready = 0;
    for (JsonNode container : pod.at("/status/containerStatuses")) {
      ready += container.path("ready").asBoolean() ? 1 : 0;
    }
    return ready + "/" + pod.at("/spec/containers").size();
  }

  private static String restarts(JsonNode pod) {
    long restarts = 0;
    for (JsonNode container : pod.at("/status/containerStatuses")) {
      restarts += container.path("restartCount").asLong();
    }
    return Long.toString(restarts);
  }
}
