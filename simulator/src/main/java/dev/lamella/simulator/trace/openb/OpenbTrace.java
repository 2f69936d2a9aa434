package dev.lamella.simulator.trace.openb;

import dev.lamella.simulator.trace.experiment.InvalidInputException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * Nodes and pods of the trace (alibaba/clusterdata, cluster-trace-gpu-v2023).
 *
 * @param nodes those with GPUs, by name
 * @param pods in the order of the file
 */
record OpenbTrace(List<NodeLine> nodes, List<PodLine> pods) {

  private static final String NODES = "openb_node_list_gpu_node.csv";

  /** A machine. */
  record NodeLine(String name, int cpuMilli, int memoryMib, int gpus) {}

  /** A pod. */
  record PodLine(PodShape shape, int memoryMib) {}

  OpenbTrace {
    nodes = nodes.stream().sorted(Comparator.comparing(NodeLine::name)).toList();
    pods = List.copyOf(pods);
  }

  /**
   * Reads a node list and the pod list of a mix, such as {@code openb_pod_list_default.csv}.
   *
   * @throws InvalidInputException naming the file, the line and what is wrong with it
   */
  static OpenbTrace read(Path folder, String mix) {
    List<NodeLine> nodes =
        CsvFile.read(
            folder.resolve(NODES),
            row ->
                new NodeLine(
                    row.text("sn"),
                    row.number("cpu_milli"),
                    row.number("memory_mib"),
                    row.number("gpu")));
    List<PodLine> pods =
        CsvFile.read(
            folder.resolve("openb_pod_list_" + mix + ".csv"),
            row ->
                new PodLine(
                    new PodShape(
                        row.number("cpu_milli"), row.number("gpu_milli"), row.number("num_gpu")),
                    row.number("memory_mib")));
    return new OpenbTrace(nodes.stream().filter(node -> node.gpus() > 0).toList(), pods);
  }

  /** Thousandths of a GPU in the whole cluster. */
  int capacity() {
    return nodes.stream().mapToInt(NodeLine::gpus).sum() * PodShape.WHOLE_GPU;
  }
}
