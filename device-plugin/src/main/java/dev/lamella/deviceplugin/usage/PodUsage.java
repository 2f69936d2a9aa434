package dev.lamella.deviceplugin.usage;

import dev.lamella.deviceplugin.allocation.PodName;
import java.util.Comparator;

/**
 * What a pod uses of a slice that it holds.
 *
 * @param uid the pod's
 * @param usedBytes memory of its processes there
 * @param budgetBytes what its shares are worth; all of the slice if it holds it whole
 */
public record PodUsage(String slice, PodName pod, String uid, long usedBytes, long budgetBytes) {

  static final Comparator<PodUsage> ORDER =
      Comparator.comparing(PodUsage::slice).thenComparing(PodUsage::uid);

  /** Whether it uses more than its shares are worth. */
  public boolean exceeded() {
    return usedBytes > budgetBytes;
  }

  /** For the pod's event. */
  public String sentence() {
    return "uses %d MiB of GPU memory on slice %s, its part is %d MiB"
        .formatted(usedBytes >> 20, slice, budgetBytes >> 20);
  }

  /** What tells this apart from other pods and slices. */
  String key() {
    return slice + "/" + uid;
  }
}
