package dev.lamella.simulator.kubelet;

import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1NodeAddress;
import io.kubernetes.client.openapi.models.V1NodeCondition;
import io.kubernetes.client.openapi.models.V1NodeStatus;
import io.kubernetes.client.openapi.models.V1NodeSystemInfo;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What the Node object says.
 *
 * @param name the node's name
 * @param options its size and labels
 */
record NodeShape(String name, KubeletOptions options) {

  /** An unchanged status is written again after this time, as the real kubelet does. */
  private static final Duration HEARTBEAT = Duration.ofMinutes(5);

  Map<String, String> labels() {
    Map<String, String> labels = new TreeMap<>(options.labels());
    labels.put("kubernetes.io/hostname", name);
    labels.put("kubernetes.io/os", "linux");
    labels.put("kubernetes.io/arch", "amd64");
    return labels;
  }

  V1Node node(DeviceCounts counts, Instant now) {
    V1Node node =
        new V1Node()
            .apiVersion("v1")
            .kind("Node")
            .metadata(new V1ObjectMeta().name(name).labels(labels()));
    return node.status(status(node, counts, now));
  }

  /** The status to write: others' amounts and conditions stay, resources that went keep a 0. */
  V1NodeStatus status(V1Node node, DeviceCounts counts, Instant now) {
    V1NodeStatus old = Objects.requireNonNullElseGet(node.getStatus(), V1NodeStatus::new);
    Map<String, Quantity> capacity = amounts(old.getCapacity(), counts.capacity());
    Map<String, Quantity> allocatable = amounts(old.getAllocatable(), counts.allocatable());
    for (String removed : counts.removed()) {
      capacity.put(removed, new Quantity("0"));
      allocatable.put(removed, new Quantity("0"));
    }
    return new V1NodeStatus()
        .addresses(
            List.of(
                new V1NodeAddress().type("InternalIP").address("127.0.0.1"),
                new V1NodeAddress().type("Hostname").address(name)))
        .nodeInfo(info())
        .capacity(capacity)
        .allocatable(allocatable)
        .conditions(conditions(old.getConditions(), now));
  }

  /** A status in which every device is gone. */
  V1NodeStatus withoutDevices(V1Node node) {
    V1NodeStatus status = node.getStatus();
    Map<String, Quantity> capacity = zeroed(status.getCapacity());
    Map<String, Quantity> allocatable = zeroed(status.getAllocatable());
    return new V1NodeStatus()
        .addresses(status.getAddresses())
        .nodeInfo(status.getNodeInfo())
        .conditions(status.getConditions())
        .capacity(capacity)
        .allocatable(allocatable);
  }

  private static Map<String, Quantity> zeroed(Map<String, Quantity> amounts) {
    Map<String, Quantity> zeroed = new TreeMap<>();
    if (amounts != null) {
      amounts.forEach((r, q) -> zeroed.put(r, r.contains("/") ? new Quantity("0") : q));
    }
    return zeroed;
  }

  private Map<String, Quantity> amounts(Map<String, Quantity> old, Map<String, Integer> devices) {
    Map<String, Quantity> amounts = new TreeMap<>();
    if (old != null) {
      amounts.putAll(old);
    }
    amounts.put("cpu", new Quantity(Integer.toString(options.cpu())));
    amounts.put("memory", new Quantity((options.memoryBytes() >> 10) + "Ki"));
    amounts.put("pods", new Quantity(Integer.toString(options.pods())));
    devices.forEach((r, n) -> amounts.put(r, new Quantity(Integer.toString(n))));
    return amounts;
  }

  private static List<V1NodeCondition> conditions(List<V1NodeCondition> old, Instant now) {
    List<V1NodeCondition> conditions = new ArrayList<>();
    OffsetDateTime time = now.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC);
    V1NodeCondition ready =
        new V1NodeCondition()
            .type("Ready")
            .status("True")
            .reason("KubeletReady")
            .message("kubelet is posting ready status")
            .lastHeartbeatTime(time)
            .lastTransitionTime(time);
    for (V1NodeCondition condition : old == null ? List.<V1NodeCondition>of() : old) {
      if (!condition.getType().equals("Ready")) {
        conditions.add(condition);
      } else if ("True".equals(condition.getStatus())) {
        ready.lastTransitionTime(condition.getLastTransitionTime());
        ready.lastHeartbeatTime(heartbeat(condition.getLastHeartbeatTime(), time));
      }
    }
    conditions.add(ready);
    return conditions;
  }

  private static OffsetDateTime heartbeat(OffsetDateTime last, OffsetDateTime now) {
    return last == null || last.plus(HEARTBEAT).isBefore(now) ? now : last;
  }

  private V1NodeSystemInfo info() {
    return new V1NodeSystemInfo()
        .architecture("amd64")
        .operatingSystem("linux")
        .bootID("simulated")
        .machineID(name)
        .systemUUID(name)
        .kernelVersion("simulated")
        .osImage("simulated")
        .containerRuntimeVersion("simulated://0")
        .kubeletVersion("v1.36.3")
        .kubeProxyVersion("");
  }
}
