package dev.lamella.simulator.kubelet;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a simulated kubelet differs from another.
 *
 * @param nodeStatusPeriod how often capacity is counted and the Node's status written. The real
 *     kubelet does so every 10 s and, also when devices change, not earlier; a demo chooses less
 * @param pluginGrace how long a resource's capacity outlives its plugin
 * @param stopLimit the longest a deleted pod takes to end, whatever its grace period
 * @param dialTimeout how long a registering plugin may take to answer on its own socket
 * @param cpu cores
 * @param memoryBytes memory
 * @param pods how many pods may run
 * @param labels of the Node, besides the usual ones
 * @param seed orders what the kubelet leaves to chance
 */
public record KubeletOptions(
    Duration nodeStatusPeriod,
    Duration pluginGrace,
    Duration stopLimit,
    Duration dialTimeout,
    int cpu,
    long memoryBytes,
    int pods,
    Map<String, String> labels,
    long seed) {

  public KubeletOptions {
    labels = Map.copyOf(new TreeMap<>(labels));
    if (nodeStatusPeriod.isNegative() || nodeStatusPeriod.isZero()) {
      throw new IllegalArgumentException(
          "nodeStatusPeriod is " + nodeStatusPeriod + ", expected more than 0");
    }
  }

  /** As the real kubelet, on a node of 64 cores and 512 GiB. */
  public static KubeletOptions defaults() {
    return new KubeletOptions(
        Duration.ofSeconds(10),
        Duration.ofMinutes(5),
        Duration.ofDays(365),
        Duration.ofSeconds(10),
        64,
        512L << 30,
        110,
        Map.of(),
        1);
  }

  /** For an embedded cluster: status every second, and deleted pods end within a second. */
  public static KubeletOptions embedded() {
    return defaults()
        .withNodeStatusPeriod(Duration.ofSeconds(1))
        .withStopLimit(Duration.ofSeconds(1));
  }

  public KubeletOptions withNodeStatusPeriod(Duration period) {
    return new KubeletOptions(
        period, pluginGrace, stopLimit, dialTimeout, cpu, memoryBytes, pods, labels, seed);
  }

  public KubeletOptions withStopLimit(Duration limit) {
    return new KubeletOptions(
        nodeStatusPeriod, pluginGrace, limit, dialTimeout, cpu, memoryBytes, pods, labels, seed);
  }

  public KubeletOptions withPluginGrace(Duration grace) {
    return new KubeletOptions(
        nodeStatusPeriod, grace, stopLimit, dialTimeout, cpu, memoryBytes, pods, labels, seed);
  }

  public KubeletOptions withDialTimeout(Duration timeout) {
    return new KubeletOptions(
        nodeStatusPeriod, pluginGrace, stopLimit, timeout, cpu, memoryBytes, pods, labels, seed);
  }

  public KubeletOptions withLabels(Map<String, String> more) {
    return new KubeletOptions(
        nodeStatusPeriod, pluginGrace, stopLimit, dialTimeout, cpu, memoryBytes, pods, more, seed);
  }

  public KubeletOptions withSeed(long other) {
    return new KubeletOptions(
        nodeStatusPeriod,
        pluginGrace,
        stopLimit,
        dialTimeout,
        cpu,
        memoryBytes,
        pods,
        labels,
        other);
  }
}
