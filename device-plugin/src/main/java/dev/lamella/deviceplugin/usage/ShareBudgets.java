package dev.lamella.deviceplugin.usage;

import dev.lamella.deviceplugin.allocation.Hold;
import dev.lamella.deviceplugin.usage.SliceUsage.Memory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * Which pods use more memory of a slice than their shares are worth. The hardware does not keep
 * shares of a slice apart: this only tells. For one thread; what it says may be read by all.
 */
public final class ShareBudgets {

  private final Map<String, Long> times = new HashMap<>();
  private Set<String> over = Set.of();
  private volatile List<PodUsage> pods = List.of();
  private volatile Map<String, Long> exceeded = Map.of();

  /**
   * Takes in a measurement.
   *
   * @param sharesTotal into how many shares a slice is cut, by its UUID
   * @return pods that exceed their budget now and did not before
   */
  public List<PodUsage> update(List<Hold> holds, Sample sample, ToIntFunction<String> sharesTotal) {
    List<PodUsage> now = usages(holds, sample, sharesTotal);
    Set<String> overNow = new HashSet<>();
    List<PodUsage> news = new ArrayList<>();
    for (PodUsage usage : now) {
      if (usage.exceeded()) {
        overNow.add(usage.key());
        if (!over.contains(usage.key())) {
          news.add(usage);
          times.merge(usage.key(), 1L, Long::sum);
        }
      }
    }
    over = overNow;
    times.keySet().retainAll(now.stream().map(PodUsage::key).toList());
    exceeded = Map.copyOf(times);
    pods = List.copyOf(now);
    return news;
  }

  /** Pods that hold slices and whose memory is told, by slice and UID. */
  public List<PodUsage> pods() {
    return pods;
  }

  /** How often a pod began to exceed its budget since it holds the slice. */
  public long exceeded(PodUsage usage) {
    return exceeded.getOrDefault(usage.key(), 0L);
  }

  private static List<PodUsage> usages(
      List<Hold> holds, Sample sample, ToIntFunction<String> sharesTotal) {
    if (sample.attribution() != Attribution.BY_POD) {
      return List.of();
    }
    Map<String, PodUsage> byKey = new TreeMap<>();
    for (Hold hold : holds) {
      SliceUsage slice = sample.slices().get(hold.slice());
      Optional<Memory> memory = slice == null ? Optional.empty() : slice.memory();
      if (memory.isPresent() && hold.uid().isPresent() && hold.pod().isPresent()) {
        String uid = hold.uid().get();
        int cut = hold.resource().shared() ? Math.max(1, sharesTotal.applyAsInt(hold.slice())) : 1;
        long used = slice.byPod().getOrDefault(uid, 0L);
        PodUsage one =
            new PodUsage(hold.slice(), hold.pod().get(), uid, used, memory.get().total() / cut);
        byKey.merge(one.key(), one, ShareBudgets::together);
      }
    }
    return byKey.values().stream().sorted(PodUsage.ORDER).toList();
  }

  private static PodUsage together(PodUsage one, PodUsage more) {
    return new PodUsage(
        one.slice(), one.pod(), one.uid(), one.usedBytes(), one.budgetBytes() + more.budgetBytes());
  }
}
