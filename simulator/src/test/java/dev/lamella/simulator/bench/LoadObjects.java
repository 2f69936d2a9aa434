package dev.lamella.simulator.bench;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The JSON of a large cluster's objects, in the size that they have: nodes of 8 GPUs of 7 slices,
 * on each of which pods hold the first slices, whole and shared in turn.
 */
final class LoadObjects {

  static final String WHOLE = "nvidia.com/mig-1g.5gb";
  static final String SHARED = "nvidia.com/mig-1g.5gb.shared";

  private static final int GPUS = 8;
  private static final int SLICES = 7;
  private static final int SHARES = 4;

  /** What makes up most of a pod: fields that nobody here reads. */
  private static final String REST =
      IntStream.range(0, 12)
          .mapToObj(
              i ->
                  """
                  {"manager":"kube-controller-manager","operation":"Update","apiVersion":"v1",\
                  "time":"2026-11-22T03:00:%02dZ","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":\
                  {"f:generateName":{},"f:labels":{".":{},"f:app":{}}}}}"""
                      .formatted(i))
          .collect(Collectors.joining(","));

  private LoadObjects() {}

  static String nodeName(int node) {
    return "node-%05d".formatted(node);
  }

  static String node(int node, long version) {
    int total = GPUS * SLICES;
    return """
        {"metadata":{"name":"%s","uid":"node-%d","resourceVersion":"%d","managedFields":[%s]},\
        "status":{"allocatable":{"cpu":"64","memory":"512Gi","%s":"%d","%s":"%d"}}}"""
        .formatted(nodeName(node), node, version, REST, WHOLE, total, SHARED, total * SHARES);
  }

  static String gpuNode(int node, int podsPerNode, long version) {
    String gpus =
        IntStream.range(0, GPUS)
            .mapToObj(gpu -> gpu(node, gpu, podsPerNode))
            .collect(Collectors.joining(","));
    return """
        {"metadata":{"name":"%s","resourceVersion":"%d"},"spec":{},"status":{"serving":true,\
        "driverVersion":"575.57.08","observedPodResourceVersion":"%d","gpus":[%s],"conditions":[]}}"""
        .formatted(nodeName(node), version, version, gpus);
  }

  private static String gpu(int node, int gpu, int podsPerNode) {
    String slices =
        IntStream.range(0, SLICES)
            .mapToObj(slice -> slice(node, gpu * SLICES + slice, slice, podsPerNode))
            .collect(Collectors.joining(","));
    return """
        {"uuid":"GPU-%08x-0000-4000-8000-%012x","model":"A100-SXM4-40GB","migEnabled":true,\
        "numaNode":%d,"slices":[%s]}"""
        .formatted(node, gpu, gpu / 4, slices);
  }

  private static String slice(int node, int number, int start, int podsPerNode) {
    boolean held = number < podsPerNode;
    boolean whole = number % 2 == 0;
    String holder =
        """
        {"uid":"%s","namespace":"%s","name":"p-%d-%d","shares":%d}"""
            .formatted(uid(node, number), namespace(whole), node, number, whole ? 0 : SHARES);
    return """
        {"uuid":"%s","profile":"1g.5gb","computeSlices":1,"memoryMiB":4864,"start":%d,"size":1,\
        "health":"Healthy","mode":"%s","sharesTotal":4,"holders":[%s]}"""
        .formatted(
            uuid(node, number),
            start,
            !held ? "Free" : whole ? "Whole" : "Shared",
            held ? holder : "");
  }

  private static String uuid(int node, int slice) {
    return String.format(Locale.ROOT, "MIG-%08x-%04x-4000-8000-000000000000", node, slice);
  }

  private static String uid(int node, int slice) {
    return String.format(Locale.ROOT, "%08x-%04x-4000-9000-000000000000", node, slice);
  }

  private static String namespace(boolean whole) {
    return whole ? "alpha" : "beta";
  }

  /** A pod that runs and holds a slice of its node. */
  static String heldPod(int node, int slice, long version) {
    boolean whole = slice % 2 == 0;
    String resource = whole ? WHOLE : SHARED;
    String assignment =
        "{\\\"v\\\":1,\\\"boundAt\\\":%d,\\\"held\\\":[{\\\"resource\\\":\\\"%s\\\",\\\"slices\\\":[\\\"%s\\\"]%s}]}"
            .formatted(version, resource, uuid(node, slice), whole ? "" : ",\\\"shares\\\":4");
    return pod(
        namespace(whole),
        "p-" + node + "-" + slice,
        uid(node, slice),
        version,
        "\"lamella.dev/assignment\":\"" + assignment + "\"",
        "\"nodeName\":\"" + nodeName(node) + "\",",
        resource,
        whole ? 1 : SHARES,
        "Running");
  }

  /** A pod that waits. */
  static String pending(String namespace, String name, String resource, long version) {
    return pod(namespace, name, "uid-" + name, version, "", "", resource, 1, "Pending");
  }

  /** The pod after a bind with annotations, as JSON of a map's inside. */
  static String bound(
      String namespace,
      String name,
      String resource,
      long version,
      String annotations,
      String node) {
    String bound = "\"nodeName\":\"" + node + "\",";
    return pod(namespace, name, "uid-" + name, version, annotations, bound, resource, 1, "Pending");
  }

  private static String pod(
      String namespace,
      String name,
      String uid,
      long version,
      String annotations,
      String node,
      String resource,
      int count,
      String phase) {
    return """
        {"metadata":{"name":"%s","namespace":"%s","uid":"%s","resourceVersion":"%d",\
        "annotations":{%s},"managedFields":[%s]},"spec":{%s"containers":[{"name":"main",\
        "image":"registry.example/app:1","resources":{"limits":{"cpu":"1","%s":"%d"},\
        "requests":{"cpu":"1","%s":"%d"}}}]},"status":{"phase":"%s"}}"""
        .formatted(
            name,
            namespace,
            uid,
            version,
            annotations,
            REST,
            node,
            resource,
            count,
            resource,
            count,
            phase);
  }

  static String namespaceObject(String name) {
    return """
        {"metadata":{"name":"%s","uid":"ns-%s","resourceVersion":"1","labels":{}}}"""
        .formatted(name, name);
  }

  static String tenant(String name, String tenantClass, int guaranteed) {
    return """
        {"metadata":{"name":"%s","uid":"t-%s","resourceVersion":"1"},"spec":{"namespaces":["%s"],\
        "class":"%s","quota":{"guaranteed":{"computeSlices":"%d"}}}}"""
        .formatted(name, name, name, tenantClass, guaranteed);
  }
}
