package dev.lamella.simulator.kubelet;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A kubelet, or its device manager, as {@link KubeletContract} drives it. */
public interface KubeletSubject extends AutoCloseable {

  /** The folder with {@code device-plugins}. */
  Path directory();

  /**
   * Puts a pod on the node.
   *
   * @param name of the pod, used once
   * @param containers such as {@code init:2}, {@code sidecar:1} or {@code main:1}: when it runs and
   *     how many devices of the resource it wants; containers are named {@code c0, c1, ...}
   */
  void put(String name, String resource, String... containers) throws Exception;

  /** Waits until the pod was admitted or refused. */
  Outcome outcome(String name) throws Exception;

  /** Ends a pod's containers with success, and waits until the kubelet knows. */
  void end(String name) throws Exception;

  /** Capacity and allocatable of a resource, such as {@code 3/2}; "none" if it is unknown. */
  String counts(String resource) throws Exception;

  /** Stops the kubelet and starts it again. */
  void restart() throws Exception;

  @Override
  void close();

  /**
   * What became of a pod.
   *
   * @param refused why it was not admitted; empty if it was
   * @param devices by container
   */
  record Outcome(String refused, Map<String, List<String>> devices) {}
}
