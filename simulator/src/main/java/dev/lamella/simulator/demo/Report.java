package dev.lamella.simulator.demo;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/**
 * What was placed where. The components are the JSON contract's fields; those marked as ignored are
 * for the table only.
 *
 * @param pods by namespace and name
 * @param nodes by name
 */
record Report(List<Pod> pods, List<Node> nodes) {

  /**
   * A pod.
   *
   * @param node null if it is not bound
   * @param reason why it does not run; null if it does, or did
   * @param assignments what the kubelet gave its containers
   */
  record Pod(
      String namespace,
      String name,
      String phase,
      String node,
      String reason,
      List<Assignment> assignments) {}

  /**
   * Slices of one resource that one container was given.
   *
   * @param mode Whole or Shared
   * @param slices UUIDs, each named once
   * @param gpus UUIDs of the slices' GPUs, each named once
   * @param devices how many devices: slices, or shares
   */
  record Assignment(
      String container,
      String resource,
      String mode,
      String profile,
      List<String> slices,
      List<String> gpus,
      @JsonIgnore int devices) {}

  /** A node and its GPUs, in NVML's order. */
  record Node(String name, List<Gpu> gpus) {}

  /** A GPU and its slices, by placement. */
  record Gpu(String uuid, String model, List<Slice> slices) {}

  /**
   * A slice as its node reports it.
   *
   * @param start first memory slice
   * @param mode Whole, Shared or Free
   * @param size memory slices
   */
  record Slice(
      String uuid,
      String profile,
      int start,
      String mode,
      int sharesUsed,
      int sharesTotal,
      List<Holder> holders,
      @JsonIgnore int size) {}

  /** A pod that holds a slice. */
  record Holder(String namespace, String name) {}
}
