package dev.lamella.simulator.kubelet;

import dev.lamella.proto.deviceplugin.v1beta1.Device;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One resource: the plugin that serves it, or did, and its devices. Not safe for use by several
 * threads.
 */
final class ResourcePool {

  private static final String HEALTHY = "Healthy";

  private final SortedMap<String, Device> healthy = new TreeMap<>();
  private final SortedMap<String, Device> unhealthy = new TreeMap<>();
  private DevicePlugin plugin;
  private Instant stoppedAt;

  private ResourcePool(DevicePlugin plugin, Instant stoppedAt) {
    this.plugin = plugin;
    this.stoppedAt = stoppedAt;
  }

  static ResourcePool servedBy(DevicePlugin plugin) {
    return new ResourcePool(plugin, null);
  }

  /** A resource known from the checkpoint: no devices until its plugin comes back. */
  static ResourcePool remembered(Instant now) {
    return new ResourcePool(null, now);
  }

  void takeOver(DevicePlugin newcomer) {
    plugin = newcomer;
    stoppedAt = null;
  }

  void devices(List<Device> snapshot) {
    healthy.clear();
    unhealthy.clear();
    for (Device device : snapshot) {
      (HEALTHY.equals(device.getHealth()) ? healthy : unhealthy).put(device.getID(), device);
    }
  }

  void stopped(Instant now) {
    unhealthy.putAll(healthy);
    healthy.clear();
    stoppedAt = now;
  }

  boolean expired(Instant now, Duration grace) {
    return stoppedAt != null && stoppedAt.plus(grace).isBefore(now);
  }

  Optional<DevicePlugin> plugin() {
    return Optional.ofNullable(plugin);
  }

  SortedMap<String, Device> healthy() {
    return healthy;
  }

  Optional<Device> device(String id) {
    return Optional.ofNullable(healthy.getOrDefault(id, unhealthy.get(id)));
  }

  int capacity() {
    return healthy.size() + unhealthy.size();
  }
}
