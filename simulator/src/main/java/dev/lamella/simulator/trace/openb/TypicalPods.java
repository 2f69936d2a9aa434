package dev.lamella.simulator.trace.openb;

import dev.lamella.simulator.trace.openb.OpenbTrace.PodLine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The most popular shapes of a trace, enough to cover 95 % of its pods. */
final class TypicalPods {

  private static final double COVERED = 0.95;

  private final List<PodShape> shapes;
  private final double[] shares;

  private TypicalPods(List<PodShape> shapes, double[] shares) {
    this.shapes = shapes;
    this.shares = shares;
  }

  static TypicalPods of(List<PodLine> pods) {
    Map<PodShape, Integer> counts = new TreeMap<>(PodShape.ORDER);
    pods.forEach(pod -> counts.merge(pod.shape(), 1, Integer::sum));
    List<Map.Entry<PodShape, Integer>> popular = new ArrayList<>(counts.entrySet());
    popular.sort(Map.Entry.comparingByValue(Comparator.reverseOrder()));
    List<PodShape> shapes = new ArrayList<>();
    int covered = 0;
    while (covered < COVERED * pods.size()) {
      Map.Entry<PodShape, Integer> next = popular.get(shapes.size());
      shapes.add(next.getKey());
      covered += next.getValue();
    }
    double[] shares = new double[shapes.size()];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = (double) counts.get(shapes.get(i)) / covered;
    }
    return new TypicalPods(shapes, shares);
  }

  List<PodShape> shapes() {
    return shapes;
  }

  /**
   * How many thousandths of GPUs a typical pod is expected to have no use for.
   *
   * @param cpuMilli what the node has left of its CPU
   * @param residuals what it has left of each GPU
   */
  double unusable(int cpuMilli, int[] residuals) {
    double unusable = 0;
    for (int i = 0; i < shares.length; i++) {
      unusable += shares[i] * unusable(shapes.get(i), cpuMilli, residuals);
    }
    return unusable;
  }

  private static int unusable(PodShape shape, int cpuMilli, int[] residuals) {
    boolean useless = !shape.needsGpu() || shape.cpuMilli() > cpuMilli || !shape.fits(residuals);
    int unusable = 0;
    for (int residual : residuals) {
      if (useless || residual < shape.gpuMilli()) {
        unusable += residual;
      }
    }
    return unusable;
  }
}
