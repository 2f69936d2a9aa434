package dev.lamella.simulator.trace.slices;

import dev.lamella.core.geometry.Patterns;
import dev.lamella.simulator.trace.experiment.Run.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.ojalgo.optimisation.Expression;
import org.ojalgo.optimisation.ExpressionsBasedModel;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.Variable;

/**
 * The most that could be accepted by someone who knows all arrivals beforehand.
 *
 * <p>An integer program over the maximal patterns of one GPU: how many GPUs follow each pattern,
 * and how many requests of each profile are accepted, no more than arrive and than the patterns
 * have room for. Each metric has an optimum of its own.
 *
 * @param acceptedRequests the most requests, percent of those that arrive
 * @param acceptedSlices the most compute slices, percent of those asked for
 */
record FillOptimum(double acceptedRequests, double acceptedSlices) {

  static final List<String> METRICS = List.of("acceptedRequests", "acceptedSlices");

  private static final List<List<Integer>> PATTERNS = Patterns.maximal(SliceModel.TABLE);

  static FillOptimum of(Arrivals arrivals) {
    int[] demand = new int[SliceModel.PROFILES.size()];
    int slices = 0;
    for (int arrival = 0; arrival < arrivals.count(); arrival++) {
      demand[arrivals.profile(arrival)]++;
      slices += SliceModel.computeSlices(arrivals.profile(arrival));
    }
    return new FillOptimum(
        100 * most(demand, profile -> 1) / arrivals.count(),
        100 * most(demand, SliceModel::computeSlices) / slices);
  }

  List<Measure> measures() {
    return List.of(
        new Measure(METRICS.get(0), acceptedRequests), new Measure(METRICS.get(1), acceptedSlices));
  }

  private static double most(int[] demand, IntToDoubleFunction worth) {
    ExpressionsBasedModel model = new ExpressionsBasedModel();
    List<Variable> gpus = new ArrayList<>();
    Expression all = model.newExpression("GPUs").upper(SliceModel.GPUS);
    for (int pattern = 0; pattern < PATTERNS.size(); pattern++) {
      Variable follow = model.newVariable("pattern " + pattern).integer().lower(0);
      gpus.add(follow.upper(SliceModel.GPUS));
      all.set(follow, 1);
    }
    for (int profile = 0; profile < demand.length; profile++) {
      Variable accepted = model.newVariable("profile " + profile).integer().lower(0);
      accepted.upper(demand[profile]).weight(worth.applyAsDouble(profile));
      Expression room = model.newExpression("room " + profile).lower(0).set(accepted, -1);
      for (int pattern = 0; pattern < PATTERNS.size(); pattern++) {
        room.set(gpus.get(pattern), PATTERNS.get(pattern).get(profile));
      }
    }
    Optimisation.Result result = model.maximise();
    if (!result.getState().isOptimal()) {
      throw new IllegalStateException("the integer program ended as " + result.getState());
    }
    return Math.rint(result.getValue());
  }
}
