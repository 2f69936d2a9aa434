package dev.lamella.simulator.kubelet;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerAllocateResponse;
import dev.lamella.proto.deviceplugin.v1beta1.Device;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which resources plugins serve, and which container holds which devices: the rules of the
 * kubelet's device manager (Kubernetes 1.36, {@code pkg/kubelet/cm/devicemanager}) under topology
 * policy {@code none}.
 *
 * <p>Devices of pods that are no longer active are not freed when they end, but by {@link
 * #freeInactive}. Calls to plugins are made without holding the lock, so that updates and
 * registrations go on while a plugin takes its time. PreStartContainer is never called.
 */
final class DeviceManager {

  private final SortedMap<String, ResourcePool> pools = new TreeMap<>();
  private final Grants grants = new Grants();
  private final CheckpointStore store;
  private final Clock clock;
  private final Duration grace;

  /**
   * Starts from what the store remembers: devices held stay held, and resources have no devices
   * until their plugins register again.
   *
   * @param grace how long a resource outlives the end of its plugin
   */
  DeviceManager(CheckpointStore store, Clock clock, Duration grace) {
    this.store = store;
    this.clock = clock;
    this.grace = grace;
    Checkpoint checkpoint = store.load();
    checkpoint.podDevices().forEach(entry -> grants.put(grant(entry)));
    checkpoint
        .registeredDevices()
        .keySet()
        .forEach(resource -> pools.put(resource, ResourcePool.remembered(clock.instant())));
  }

  private static DeviceGrant grant(Checkpoint.Entry entry) {
    try {
      return new DeviceGrant(
          entry.podUID(),
          entry.container(),
          entry.resource(),
          new TreeSet<>(entry.deviceIDs()),
          ContainerAllocateResponse.parseFrom(entry.allocResp()));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(
          "allocResp of pod " + entry.podUID() + " is no ContainerAllocateResponse", e);
    }
  }

  /** A plugin serves the resource from now on; one that did before is heard no more. */
  synchronized void registered(String resource, DevicePlugin plugin) {
    ResourcePool pool = pools.get(resource);
    if (pool == null) {
      pools.put(resource, ResourcePool.servedBy(plugin));
    } else {
      pool.takeOver(plugin);
    }
  }

  /** A plugin's full list of devices; passed over if another plugin has taken its place. */
  synchronized void devices(String resource, DevicePlugin plugin, List<Device> snapshot) {
    if (serves(plugin, resource)) {
      pools.get(resource).devices(snapshot);
      save();
    }
  }

  /** A plugin's stream has ended: its devices are unhealthy, unless another took its place. */
  synchronized void stopped(String resource, DevicePlugin plugin) {
    if (serves(plugin, resource)) {
      pools.get(resource).stopped(clock.instant());
    }
  }

  private boolean serves(DevicePlugin plugin, String resource) {
    ResourcePool pool = pools.get(resource);
    return pool != null && pool.plugin().filter(p -> p == plugin).isPresent();
  }

  /** Counts devices, and forgets resources whose plugin has been away longer than the grace. */
  synchronized DeviceCounts counts() {
    SortedSet<String> removed = new TreeSet<>();
    pools.forEach(
        (resource, pool) -> {
          if (pool.expired(clock.instant(), grace)) {
            removed.add(resource);
          }
        });
    pools.keySet().removeAll(removed);
    if (!removed.isEmpty()) {
      save();
    }
    SortedMap<String, Integer> capacity = new TreeMap<>();
    SortedMap<String, Integer> allocatable = new TreeMap<>();
    pools.forEach(
        (resource, pool) -> {
          capacity.put(resource, pool.capacity());
          allocatable.put(resource, pool.healthy().size());
        });
    return new DeviceCounts(capacity, allocatable, removed);
  }

  /** Frees what pods other than these hold. */
  synchronized void freeInactive(SortedSet<String> activePods) {
    grants.retain(activePods);
  }

  /** Whether a plugin serves the resource, or a container holds devices of it. */
  synchronized boolean knows(String resource) {
    return pools.containsKey(resource) || grants.resources().contains(resource);
  }

  /** The resource's healthy devices; empty if it is not registered at all. */
  synchronized Optional<SortedSet<String>> healthy(String resource) {
    return Optional.ofNullable(pools.get(resource)).map(p -> new TreeSet<>(p.healthy().keySet()));
  }

  synchronized Optional<DevicePlugin> plugin(String resource) {
    return Optional.ofNullable(pools.get(resource)).flatMap(ResourcePool::plugin);
  }

  synchronized SortedSet<String> inUse(String resource) {
    return grants.ids(resource);
  }

  synchronized SortedSet<String> held(String pod, String container, String resource) {
    return grants.ids(pod, container, resource);
  }

  synchronized List<DeviceGrant> held(String pod, String container) {
    return grants.of(pod, container);
  }

  synchronized void grant(DeviceGrant grant) {
    grants.put(grant);
  }

  /**
   * How many devices are held of each resource; empty unless the pod itself holds some. The kubelet
   * raises allocatable to these counts before its own check.
   */
  synchronized SortedMap<String, Integer> heldCounts(String pod) {
    SortedMap<String, Integer> held = new TreeMap<>();
    if (grants.anyOf(pod)) {
      grants.resources().forEach(r -> held.put(r, grants.ids(r).size()));
    }
    return held;
  }

  /** All healthy devices, by resource. */
  synchronized SortedMap<String, List<Device>> allocatable() {
    SortedMap<String, List<Device>> devices = new TreeMap<>();
    pools.forEach((resource, pool) -> devices.put(resource, List.copyOf(pool.healthy().values())));
    return devices;
  }

  /** What the plugin last said of a device. */
  synchronized Optional<Device> device(String resource, String id) {
    return Optional.ofNullable(pools.get(resource)).flatMap(pool -> pool.device(id));
  }

  /** Writes what is held to the store. */
  synchronized void save() {
    List<Checkpoint.Entry> entries = new ArrayList<>();
    for (DeviceGrant g : grants.all()) {
      entries.add(
          new Checkpoint.Entry(
              g.pod(),
              g.container(),
              g.resource(),
              List.copyOf(g.ids()),
              g.settings().toByteArray()));
    }
    Map<String, List<String>> registered = new TreeMap<>();
    pools.forEach(
        (resource, pool) -> registered.put(resource, List.copyOf(pool.healthy().keySet())));
    store.save(new Checkpoint(entries, registered));
  }
}
