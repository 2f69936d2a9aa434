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
import java.util.OptionalInt;
import java.util.Set;
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
   * @param kind the profile that its resources are named by; empty if it is in no pool
   * @param numaNode where its devices are said to be; empty if that is not said
   * @param cordoned whether the operator keeps new pods away
   */
  public record Offer(
      Slice slice,
      int rank,
      int shares,
      Optional<String> kind,
      OptionalInt numaNode,
      boolean cordoned) {

    private boolean isOf(ResourceName resource) {
      return kind.filter(resource.profile()::equals).isPresent();
    }
  }

  /** A device of a pool, as the kubelet is told of it. */
  public record Device(DeviceId id, Health health, OptionalInt numaNode) {}

  /** A device that a container holds and that no slice of the node stands behind. */
  public record Stray(ResourceName resource, DeviceId device) {}

  /**
   * How slices are offered.
   *
   * @param kinds by UUID the profile that names a slice's resources; missing: in no pool
   * @param shares into how many shares a slice of a profile is cut
   * @param topology whether devices say which NUMA node they are on
   * @param cordoned UUIDs of GPUs and slices that get no new pods
   */
  public record Terms(
      Map<String, String> kinds,
      ToIntFunction<String> shares,
      boolean topology,
      Set<String> cordoned) {}

  /** Slices by rank; one that is no longer on offer comes last. */
  private final Map<String, Offer> offers = new LinkedHashMap<>();

  private final List<Stray> strays = new ArrayList<>();

  private Catalogue() {}

  public static Catalogue empty() {
    return new Catalogue();
  }

  /** Every slice of the node, whether or not it is in a pool. */
  public static Catalogue of(List<Gpu> gpus, Terms terms) {
    Catalogue catalogue = new Catalogue();
    for (Gpu gpu : gpus) {
      OptionalInt numaNode = terms.topology() ? gpu.numaNode() : OptionalInt.empty();
      for (Slice slice : gpu.slices()) {
        catalogue.offers.put(
            slice.uuid(),
            new Offer(
                slice,
                catalogue.offers.size(),
                terms.shares().applyAsInt(slice.profile()),
                Optional.ofNullable(terms.kinds().get(slice.uuid())),
                numaNode,
                terms.cordoned().contains(gpu.uuid()) || terms.cordoned().contains(slice.uuid())));
      }
    }
    return catalogue;
  }

  /**
   * The same with devices that containers hold although their pool has no such device: those that
   * it does have are left out. The kubelet is told of them as unhealthy, until nobody holds them.
   */
  public Catalogue with(Collection<Stray> held) {
    Catalogue catalogue = new Catalogue();
    catalogue.offers.putAll(offers);
    held.stream()
        .filter(stray -> find(stray.resource(), stray.device()).isEmpty())
        .sorted(Comparator.comparing(Stray::resource).thenComparing(Stray::device, byDevice()))
        .distinct()
        .forEach(catalogue.strays::add);
    return catalogue;
  }

  public List<Stray> strays() {
    return List.copyOf(strays);
  }

  public Collection<Offer> offers() {
    return List.copyOf(offers.values());
  }

  public Optional<Offer> offer(String slice) {
    return Optional.ofNullable(offers.get(slice));
  }

  /** The pools: for every name on offer, one of whole slices and one of shares. */
  public List<ResourceName> resources() {
    TreeSet<ResourceName> resources = new TreeSet<>();
    for (Offer offer : offers.values()) {
      offer.kind().map(ResourceName::whole).ifPresent(resources::add);
      offer.kind().map(ResourceName::shared).ifPresent(resources::add);
    }
    strays.forEach(stray -> resources.add(stray.resource()));
    return List.copyOf(resources);
  }

  /** The devices of a pool, by rank and share. */
  public List<Device> devices(ResourceName resource) {
    List<Device> devices = new ArrayList<>();
    for (Offer offer : offers.values()) {
      if (!offer.isOf(resource)) {
        continue;
      }
      String uuid = offer.slice().uuid();
      Health health = offer.slice().health();
      if (resource.shared()) {
        IntStream.range(0, offer.shares())
            .forEach(
                k -> devices.add(new Device(DeviceId.share(uuid, k), health, offer.numaNode())));
      } else {
        devices.add(new Device(DeviceId.whole(uuid), health, offer.numaNode()));
      }
    }
    strays.stream()
        .filter(stray -> stray.resource().equals(resource))
        .map(stray -> new Device(stray.device(), Health.UNHEALTHY, OptionalInt.empty()))
        .forEach(devices::add);
    return devices;
  }

  /** The slice that a device of a pool stands on; empty if the pool has no such device. */
  Optional<Offer> find(ResourceName resource, DeviceId device) {
    return offer(device.slice())
        .filter(offer -> offer.isOf(resource))
        .filter(offer -> device.share().isPresent() == resource.shared())
        .filter(offer -> device.share().orElse(0) < offer.shares());
  }

  /** How many devices of a resource a slice has; one that is not on offer has none in shares. */
  int capacity(ResourceName resource, String slice) {
    return resource.shared() ? offer(slice).map(Offer::shares).orElse(0) : 1;
  }

  boolean cordoned(String slice) {
    return offer(slice).filter(Offer::cordoned).isPresent();
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

  @Override
  public boolean equals(Object other) {
    return other instanceof Catalogue catalogue
        && offers.equals(catalogue.offers)
        && strays.equals(catalogue.strays);
  }

  @Override
  public int hashCode() {
    return offers.hashCode();
  }
}
