package dev.lamella.simulator.scheduler;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * An extender, as {@code KubeSchedulerConfiguration.extenders[]} describes it with {@code
 * ignorable: false}, all managed resources {@code ignoredByScheduler: true}, and the verbs filter,
 * prioritize and bind.
 *
 * @param urlPrefix what the verbs are appended to, such as {@code http://127.0.0.1:8888}
 * @param manages whether a resource is the extender's
 * @param weight times 10 of each of its scores is added to a node's total; 1 or more
 * @param timeout of one call
 * @param nodeCacheCapable whether it is sent names of nodes instead of nodes
 */
public record ExtenderOptions(
    URI urlPrefix,
    Predicate<String> manages,
    int weight,
    Duration timeout,
    boolean nodeCacheCapable) {

  public ExtenderOptions {
    Objects.requireNonNull(urlPrefix, "urlPrefix");
    Objects.requireNonNull(manages, "manages");
    Objects.requireNonNull(timeout, "timeout");
    if (weight < 1) {
      throw new IllegalArgumentException("weight is " + weight + ", expected 1 or more");
    }
  }

  /** Weight 1, 5 seconds, node names only. */
  public static ExtenderOptions of(URI urlPrefix, Predicate<String> manages) {
    return new ExtenderOptions(urlPrefix, manages, 1, Duration.ofSeconds(5), true);
  }

  public ExtenderOptions withWeight(int other) {
    return new ExtenderOptions(urlPrefix, manages, other, timeout, nodeCacheCapable);
  }

  public ExtenderOptions withTimeout(Duration other) {
    return new ExtenderOptions(urlPrefix, manages, weight, other, nodeCacheCapable);
  }

  public ExtenderOptions withNodeCacheCapable(boolean other) {
    return new ExtenderOptions(urlPrefix, manages, weight, timeout, other);
  }
}
