package dev.lamella.deviceplugin.allocation;

import dev.lamella.core.inventory.Gpu;
import dev.lamella.core.inventory.Health;
import dev.lamella.core.inventory.Slice;
import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/** What the node offers: every slice, and into how many shares each is cut. Immutable. */
public final class Catalogue {

  /**
   * A slice on offer.
   *
   * @param rank its place among the node's slices, from 0: by GPU as NVML lists them, then by
   *     {@link Slice#ORDER}
   * @param shares into how many shares it is cut when shared
   */
  public record Offer(Slice slice, int rank, int shares) {}

  /** A device of a pool, as the kubelet is told of it. */
  public record Device(DeviceId id, Health health) {}

  /** Slices by rank; one that is no longer on offer comes last. */
  private final Map<String, Offer> offers = new LinkedHashMap<>();

  private Catalogue() {}

  public static Catalogue empty() {
    return new Catalogue();
  }

  /**
   * @param shares into how many shares a slice of a profile is cut
   */
  public static Catalogue of(List<Gpu> gpus, ToIntFunction<String> shares) {
    Catalogue catalogue = new Catalogue();
    for (Gpu gpu : gpus) {
      for (Slice slice : gpu.slices()) {
        int cut = shares.applyAsInt(slice.profile());
        catalogue.offers.put(slice.uuid(), new Offer(slice, catalogue.offers.size(), cut));
      }
    }
    return catalogue;
  }

  public Collection<Offer> offers() {
    return List.copyOf(offers.values());
  }

  public Optional<Offer> offer(String slice) {
    return Optional.ofNullable(offers.get(slice));
  }

  /** The pools: for every profile found, one of whole slices and one of shares. */
  public List<ResourceName> resources() {
    TreeSet<ResourceName> resources = new TreeSet<>();
    for (Offer offer : offers.values()) {
      resources.add(ResourceName.whole(offer.slice().profile()));
      resources.add(ResourceName.shared(offer.slice().profile()));
    }
    return List.copyOf(resources);
  }

  /** The devices of a pool, by rank and share. */
  public List<Device> devices(ResourceName resource) {
    List<Device> devices = new ArrayList<>();
    for (Offer offer : offers.values()) {
      if (!offer.slice().profile().equals(resource.profile())) {
        continue;
      }
      String uuid = offer.slice().uuid();
      Health health = offer.slice().health();
      if (resource.shared()) {
        IntStream.range(0, offer.shares())
            .forEach(k -> devices.add(new Device(DeviceId.share(uuid, k), health)));
      } else {
        devices.add(new Device(DeviceId.whole(uuid), health));
      }
    }
    return devices;
  }

  /** The slice that a device of a pool stands on; empty if the pool has no such device. */
  Optional<Offer> find(ResourceName resource, DeviceId device) {
    return offer(device.slice())
        .filter(offer -> offer.slice().profile().equals(resource.profile()))
        .filter(offer -> device.share().isPresent() == resource.shared())
        .filter(offer -> device.share().orElse(0) < offer.shares());
  }

  /** Slices by rank, unknown ones last, then by UUID: a total order. */
  Comparator<String> byRank() {
    return Comparator.comparingInt(
            (String slice) -> offers.containsKey(slice) ? offers.get(slice).rank() : offers.size())
        .thenComparing(Comparator.naturalOrder());
  }

  /** Devices by their slice's rank, then by share. */
  Comparator<DeviceId> byDevice() {
    return Comparator.comparing(DeviceId::slice, byRank())
        .thenComparingInt(device -> device.share().orElse(-1));
  }
}
