package dev.lamella.deviceplugin.health;

import dev.lamella.core.inventory.Gpu;
import dev.lamella.core.inventory.Health;
import dev.lamella.core.inventory.Slice;
import dev.lamella.deviceplugin.inventory.Inventory;
import dev.lamella.deviceplugin.inventory.Silence;
import dev.lamella.deviceplugin.inventory.SliceAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What is shown of a node when parts of it went silent or away.
 *
 * <p><b>Goals.</b> The kubelet and the extender go on accounting for a slice that a pod holds, and
 * for hardware that is there but does not answer.
 *
 * <p><b>Constraints.</b> A GPU that does not answer does not say which one it is.
 *
 * <p><b>Algorithm.</b> A slice of before that was not found now stays, unhealthy, while a GPU that
 * may be its own is silent, or while a pod holds it. Else it was destroyed, and goes.
 */
public final class Continuity {

  private static final String GONE = "the instance was destroyed while a pod holds it";

  private final Inventory found;
  private final Predicate<String> held;
  private final Map<String, SliceAddress> addresses = new TreeMap<>();
  private final Map<String, String> reasons = new TreeMap<>();

  private Continuity(Inventory found, Predicate<String> held) {
    this.found = found;
    this.held = held;
  }

  /**
   * What to show.
   *
   * @param before what this answered last; at first an empty inventory
   * @param held whether a pod holds a slice, by UUID
   */
  public static Inventory over(Inventory before, Inventory found, Predicate<String> held) {
    return new Continuity(found, held).over(before);
  }

  private Inventory over(Inventory before) {
    Map<String, Gpu> shown = new LinkedHashMap<>();
    found.gpus().forEach(gpu -> shown.put(gpu.uuid(), gpu));
    for (Gpu gpu : before.gpus()) {
      Gpu now = shown.get(gpu.uuid());
      List<Slice> kept = kept(gpu, before, now != null);
      if (now != null && !kept.isEmpty()) {
        kept.addAll(now.slices());
        shown.put(gpu.uuid(), with(now, kept));
      } else if (now == null && (!kept.isEmpty() || silence(gpu.uuid(), false).isPresent())) {
        shown.put(gpu.uuid(), with(gpu, kept));
      }
    }
    return found.showing(List.copyOf(shown.values()), addresses, reasons);
  }

  private List<Slice> kept(Gpu gpu, Inventory before, boolean answers) {
    Optional<String> silence = silence(gpu.uuid(), answers);
    List<Slice> kept = new ArrayList<>();
    for (Slice slice : gpu.slices()) {
      boolean gone = !found.addresses().containsKey(slice.uuid());
      if (gone && (silence.isPresent() || held.test(slice.uuid()))) {
        kept.add(unhealthy(slice));
        reasons.put(slice.uuid(), silence.orElse(GONE));
        Optional.ofNullable(before.addresses().get(slice.uuid()))
            .ifPresent(address -> addresses.put(slice.uuid(), address));
      }
    }
    return kept;
  }

  /** Why parts of a GPU may be missing although they are there. */
  private Optional<String> silence(String gpu, boolean answers) {
    if (found.driverVersion() == null) {
      return Optional.of(String.join("; ", found.problems()));
    }
    String why =
        found.silent().stream()
            .filter(silence -> silence.gpu().map(gpu::equals).orElse(!answers))
            .map(Silence::why)
            .collect(Collectors.joining("; "));
    return Optional.of(why).filter(text -> !text.isEmpty());
  }

  static Gpu with(Gpu gpu, List<Slice> slices) {
    return new Gpu(gpu.uuid(), gpu.model(), gpu.migEnabled(), gpu.numaNode(), slices);
  }

  static Slice unhealthy(Slice slice) {
    return new Slice(
        slice.uuid(),
        slice.profile(),
        slice.computeSlices(),
        slice.memoryMiB(),
        slice.placement(),
        Health.UNHEALTHY);
  }
}
