package dev.lamella.simulator.kubelet;

import dev.lamella.simulator.kube.KubeClient;
import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.models.V1Node;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers the Node and writes its status, in a thread of its own. */
final class NodeAgent implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);
  private static final int CONFLICT = 409;
  private static final long CLOSE_MILLIS = 2000;

  private final KubeClient kube;
  private final NodeShape shape;
  private final DeviceManager devices;
  private final Duration period;
  private final Clock clock;
  private final Thread thread;
  private volatile V1Node known;

  NodeAgent(KubeClient kube, NodeShape shape, DeviceManager devices, Duration period, Clock clock) {
    this.kube = kube;
    this.shape = shape;
    this.devices = devices;
    this.period = period;
    this.clock = clock;
    this.thread = new Thread(this::run, "kubelet-" + shape.name() + "-node");
    thread.setDaemon(true);
  }

  /**
   * Registers the node, then keeps its status.
   *
   * @param forgetDevices whether devices an existing Node lists are set to 0, as when the kubelet
   *     finds no checkpoint of its own
   */
  void start(boolean forgetDevices) throws ApiException {
    known = register();
    if (forgetDevices) {
      known = kube.updateNodeStatus(shape.name(), shape::withoutDevices);
    }
    sync();
    thread.start();
  }

  private V1Node register() throws ApiException {
    try {
      return kube.core().createNode(shape.node(devices.counts(), clock.instant())).execute();
    } catch (ApiException e) {
      if (e.getCode() != CONFLICT) {
        throw e;
      }
      V1Node node = kube.core().readNode(shape.name()).execute();
      Map<String, String> labels = new TreeMap<>(shape.labels());
      if (node.getMetadata().getLabels() != null) {
        node.getMetadata().getLabels().forEach(labels::putIfAbsent);
      }
      node.getMetadata().setLabels(labels);
      return kube.core().replaceNode(shape.name(), node).execute();
    }
  }

  /** The node's allocatable as last seen: up to one period old. */
  Map<String, BigDecimal> allocatable() {
    Map<String, BigDecimal> amounts = new TreeMap<>();
    Map<String, Quantity> allocatable = known.getStatus().getAllocatable();
    if (allocatable != null) {
      allocatable.forEach((r, q) -> amounts.put(r, q.getNumber()));
    }
    return amounts;
  }

  private void sync() throws ApiException {
    DeviceCounts counts = devices.counts();
    known =
        kube.updateNodeStatus(shape.name(), node -> shape.status(node, counts, clock.instant()));
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        Thread.sleep(period.toMillis());
        sync();
      } catch (InterruptedException e) {
        return;
      } catch (ApiException e) {
        LOG.warn("status of node {} not written: {}", shape.name(), e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
