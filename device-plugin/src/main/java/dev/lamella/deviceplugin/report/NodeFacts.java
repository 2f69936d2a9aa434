package dev.lamella.deviceplugin.report;

import dev.lamella.core.api.Condition;
import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.Holder;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.inventory.Gpu;
import dev.lamella.core.inventory.Mode;
import dev.lamella.core.inventory.Slice;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.Catalogue;
import dev.lamella.deviceplugin.allocation.Hold;
import dev.lamella.deviceplugin.allocation.PodName;
import dev.lamella.deviceplugin.inventory.Inventory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Everything that a report is made of, at one moment.
 *
 * @param serving whether the daemon advertises and allocates
 * @param observedPodResourceVersion how far the pod watch had come when the reading that {@code
 *     holds} show was started; null if there was none
 */
public record NodeFacts(
    boolean serving,
    String observedPodResourceVersion,
    Inventory inventory,
    Catalogue catalogue,
    List<Hold> holds,
    List<Condition> conditions) {

  /** The pods of one slice, those without a UID by name. */
  private record HolderKey(String uid, String namespace, String name) {

    static final Comparator<HolderKey> ORDER =
        Comparator.comparing(HolderKey::namespace)
            .thenComparing(HolderKey::name)
            .thenComparing(HolderKey::uid);

    static HolderKey of(Hold hold) {
      return new HolderKey(
          hold.uid().orElse(""),
          hold.pod().map(PodName::namespace).orElse(""),
          hold.pod().map(PodName::name).orElse(""));
    }
  }

  /** GpuNode's status. */
  public GpuNodeStatus status() {
    Map<String, List<Hold>> bySlice =
        holds.stream().collect(Collectors.groupingBy(hold -> hold.device().slice()));
    return new GpuNodeStatus(
        serving,
        inventory.driverVersion(),
        observedPodResourceVersion,
        inventory.gpus().stream().map(gpu -> gpu(gpu, bySlice)).toList(),
        conditions);
  }

  private GpuStatus gpu(Gpu gpu, Map<String, List<Hold>> bySlice) {
    return new GpuStatus(
        gpu.uuid(),
        gpu.model(),
        gpu.migEnabled(),
        gpu.numaNode().isPresent() ? gpu.numaNode().getAsInt() : null,
        gpu.slices().stream()
            .map(slice -> slice(slice, bySlice.getOrDefault(slice.uuid(), List.of())))
            .toList());
  }

  private SliceStatus slice(Slice slice, List<Hold> held) {
    return new SliceStatus(
        slice.uuid(),
        slice.profile(),
        resource(slice),
        slice.computeSlices(),
        slice.memoryMiB(),
        slice.placement().start(),
        slice.placement().size(),
        slice.health().text(),
        inventory.reasons().get(slice.uuid()),
        mode(held).text(),
        catalogue.offer(slice.uuid()).map(Catalogue.Offer::shares).orElse(0),
        holders(held));
  }

  /** Said only where it is not the name of the profile. */
  private String resource(Slice slice) {
    Optional<String> kind = catalogue.offer(slice.uuid()).flatMap(Catalogue.Offer::kind);
    if (kind.isEmpty()) {
      return "";
    }
    return kind.get().equals(slice.profile()) ? null : ResourceName.whole(kind.get()).text();
  }

  private static Mode mode(List<Hold> held) {
    if (held.isEmpty()) {
      return Mode.FREE;
    }
    return held.stream().anyMatch(hold -> !hold.resource().shared()) ? Mode.WHOLE : Mode.SHARED;
  }

  private static List<Holder> holders(List<Hold> held) {
    Map<HolderKey, Integer> shares = new TreeMap<>(HolderKey.ORDER);
    held.forEach(
        hold -> shares.merge(HolderKey.of(hold), hold.resource().shared() ? 1 : 0, Integer::sum));
    List<Holder> holders = new ArrayList<>();
    shares.forEach(
        (pod, count) ->
            holders.add(
                new Holder(
                    pod.uid().isEmpty() ? null : pod.uid(),
                    pod.namespace().isEmpty() ? null : pod.namespace(),
                    pod.name().isEmpty() ? null : pod.name(),
                    count)));
    return holders;
  }
}
