package dev.lamella.core.instance;

import dev.lamella.core.geometry.Occupancy;
import dev.lamella.core.geometry.Placement;
import dev.lamella.core.geometry.Profile;
import java.util.Objects;
import java.util.Optional;

/**
 * Chooses the GPU and the start of a new instance.
 *
 * <p><b>Goals.</b> As many future requests as possible find a place.
 *
 * <p><b>Constraints.</b> An instance stands at a start of its profile, on free memory slices. A
 * request that fits somewhere is placed: policies choose among places, they never refuse. Equal
 * inputs give equal decisions.
 *
 * <p><b>Algorithm.</b> All open starts of all GPUs are candidates. The lowest cost by the policy
 * wins; then the GPU with the fewest free memory slices, the lowest GPU number, the lowest start.
 */
public final class InstancePlacer {

  private final Occupancy table;
  private final InstancePolicy policy;

  public InstancePlacer(Occupancy table, InstancePolicy policy) {
    this.table = Objects.requireNonNull(table, "table");
    this.policy = Objects.requireNonNull(policy, "policy");
  }

  /**
   * The place for one instance.
   *
   * @param request the profile asked for; one of the tables' profiles
   * @param gpus the GPUs as they are now
   * @param mix how often each profile is asked for, as far as it is known
   * @return empty if no GPU has an open start for the profile
   */
  public Optional<InstanceDecision> place(Profile request, Gpus gpus, Mix mix) {
    int profile = table.index(request);
    InstancePolicy.Cost costs = policy.costs(table, mix);
    int bestGpu = -1;
    int bestStart = 0;
    double bestCost = 0;
    for (int gpu = 0; gpu < gpus.count(); gpu++) {
      int mask = gpus.mask(gpu);
      for (int open = table.openStarts(profile, mask); open != 0; open &= open - 1) {
        int start = Integer.numberOfTrailingZeros(open);
        double cost = costs.of(gpu, mask, gpus.starts(gpu), table.span(profile, start));
        if (bestGpu < 0
            || cost < bestCost
            || (cost == bestCost && isTighter(mask, gpus.mask(bestGpu)))) {
          bestGpu = gpu;
          bestStart = start;
          bestCost = cost;
        }
      }
    }
    return bestGpu < 0
        ? Optional.empty()
        : Optional.of(new InstanceDecision(bestGpu, new Placement(bestStart, request.size())));
  }

  private boolean isTighter(int mask, int than) {
    return table.freeMemorySlices(mask) < table.freeMemorySlices(than);
  }
}
