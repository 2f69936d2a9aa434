package dev.lamella.simulator.trace.slices;

import dev.lamella.core.geometry.Placement;
import dev.lamella.core.instance.ExpectedUnusable;
import dev.lamella.core.instance.InstanceDecision;
import dev.lamella.core.instance.InstancePlacer;
import dev.lamella.core.instance.InstancePolicy;
import dev.lamella.core.instance.ObservedMix;
import dev.lamella.simulator.trace.experiment.Run.Measure;
import java.util.List;
import java.util.Optional;

/**
 * One policy against one stream of arrivals. A request that does not fit is lost.
 *
 * <p>The policy is told the mix as observed so far, never the true one.
 */
final class SliceRun {

  private final Arrivals arrivals;
  private final InstancePlacer placer;
  private final double[] unusable;
  private final Cluster cluster = new Cluster();
  private final Departures departures = new Departures();
  private ObservedMix observed = ObservedMix.nothing(SliceModel.PROFILES.size());

  private long requests;
  private long acceptedRequests;
  private long slices;
  private long acceptedSlices;
  private double allocated;
  private double fragmented;

  SliceRun(SliceMix mix, Arrivals arrivals, InstancePolicy policy) {
    this.arrivals = arrivals;
    this.placer = new InstancePlacer(SliceModel.TABLE, policy);
    this.unusable = new ExpectedUnusable(SliceModel.TABLE, mix.mix()).byMask();
  }

  /** Runs all arrivals and measures over those from a time on, as the mean that they meet. */
  List<Measure> measureFrom(double time) {
    for (int arrival = 0; arrival < arrivals.count(); arrival++) {
      depart(arrivals.time(arrival));
      boolean counts = arrivals.time(arrival) >= time;
      if (counts) {
        lookAround();
      }
      observed = observed.saw(arrivals.profile(arrival));
      boolean accepted = place(arrival);
      if (counts) {
        count(SliceModel.computeSlices(arrivals.profile(arrival)), accepted);
      }
    }
    return List.of(
        new Measure("acceptedRequests", 100.0 * acceptedRequests / requests),
        new Measure("acceptedSlices", 100.0 * acceptedSlices / slices),
        new Measure("allocation", 100 * allocated / requests),
        new Measure("fragmentation", 100 * fragmented / requests));
  }

  Cluster cluster() {
    return cluster;
  }

  private void depart(double now) {
    while (departures.isDueBy(now)) {
      cluster.destroy(departures.gpu(), departures.profile(), departures.span());
      departures.removeFirst();
    }
  }

  private boolean place(int arrival) {
    int profile = arrivals.profile(arrival);
    Optional<InstanceDecision> decision =
        placer.place(SliceModel.PROFILES.get(profile), cluster, observed.mix());
    decision.ifPresent(where -> create(arrival, profile, where.gpu(), where.placement()));
    return decision.isPresent();
  }

  private void create(int arrival, int profile, int gpu, Placement placement) {
    cluster.create(gpu, profile, placement.mask());
    double end = arrivals.time(arrival) + arrivals.lifetime(arrival);
    if (end < Double.POSITIVE_INFINITY) {
      departures.add(end, gpu, profile, placement.mask());
    }
  }

  private void count(int computeSlices, boolean accepted) {
    requests++;
    slices += computeSlices;
    if (accepted) {
      acceptedRequests++;
      acceptedSlices += computeSlices;
    }
  }

  /** Poisson arrivals see time averages, so the mean over arrivals is the mean over time. */
  private void lookAround() {
    double lost = 0;
    int free = 0;
    for (int gpu = 0; gpu < cluster.count(); gpu++) {
      lost += unusable[cluster.mask(gpu)];
      free += SliceModel.TABLE.freeMemorySlices(cluster.mask(gpu));
    }
    allocated += (double) cluster.computeSlices() / SliceModel.COMPUTE_SLICES;
    fragmented += free == 0 ? 0 : lost / free;
  }
}
