package dev.lamella.simulator.kubelet;

import dev.lamella.proto.deviceplugin.v1beta1.ContainerAllocateResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Gives a pod's containers their devices, one pod at a time.
 *
 * <p><b>Goals.</b> To choose as the kubelet chooses, and to be reproducible from a seed where the
 * kubelet follows the order of a hash map.
 *
 * <p><b>Constraints.</b> One Allocate call per container and resource, and at most one
 * GetPreferredAllocation before it; neither has a deadline. No device is in two containers' hands,
 * but for the next point.
 *
 * <p><b>Algorithm.</b> Containers in the order of {@link PodNeed}. A container takes reusable
 * devices first: those of ordinary init containers before it that no lasting container took. If
 * that is not enough, the plugin is asked for its preference; what it names is taken as far as it
 * is available, and the rest at random. A failure leaves what earlier containers got in their hands
 * until the pod is seen to be inactive.
 */
final class DeviceAllocator {

  private final DeviceManager devices;
  private final Supplier<SortedSet<String>> activePods;
  private final Random random;

  /**
   * @param activePods UIDs of pods that hold their devices, the pod being admitted among them
   * @param random orders what the kubelet leaves to chance
   */
  DeviceAllocator(DeviceManager devices, Supplier<SortedSet<String>> activePods, Random random) {
    this.devices = devices;
    this.activePods = activePods;
    this.random = random;
  }

  /**
   * Allocates for all containers; does nothing for containers that have their devices.
   *
   * @throws AdmissionException if devices are lacking or a plugin refuses
   */
  synchronized void allocate(PodNeed pod) throws AdmissionException {
    Map<String, SortedSet<String>> reusable = new TreeMap<>();
    for (ContainerNeed container : pod.containers()) {
      for (Map.Entry<String, Integer> limit : container.limits().entrySet()) {
        String resource = limit.getKey();
        if (limit.getValue() > 0 && devices.knows(resource)) {
          SortedSet<String> reuse = reusable.computeIfAbsent(resource, r -> new TreeSet<>());
          allocate(pod, container, resource, limit.getValue(), reuse);
        }
      }
      for (DeviceGrant grant : devices.held(pod.uid(), container.name())) {
        SortedSet<String> reuse = reusable.computeIfAbsent(grant.resource(), r -> new TreeSet<>());
        if (container.kind() == ContainerNeed.Kind.INIT) {
          reuse.addAll(grant.ids());
        } else {
          reuse.removeAll(grant.ids());
        }
      }
    }
  }

  private void allocate(
      PodNeed pod, ContainerNeed container, String resource, int size, SortedSet<String> reusable)
      throws AdmissionException {
    devices.freeInactive(activePods.get());
    if (hasItsDevices(pod, container, resource, size)) {
      return;
    }
    DevicePlugin plugin =
        devices
            .plugin(resource)
            .orElseThrow(() -> AdmissionException.allocation("unknown Device Plugin " + resource));
    SortedSet<String> chosen = choose(plugin, resource, size, reusable);
    devices.grant(
        new DeviceGrant(
            pod.uid(), container.name(), resource, chosen, call(plugin, shuffled(chosen))));
    devices.save();
  }

  private boolean hasItsDevices(PodNeed pod, ContainerNeed container, String resource, int size)
      throws AdmissionException {
    SortedSet<String> held = devices.held(pod.uid(), container.name(), resource);
    if (!held.isEmpty() && held.size() != size) {
      throw AdmissionException.allocation(
          "pod \"%s\" container \"%s\" changed request for resource \"%s\" from %d to %d"
              .formatted(pod.uid(), container.name(), resource, held.size(), size));
    }
    if (pod.running()) {
      return true;
    }
    SortedSet<String> healthy =
        devices
            .healthy(resource)
            .orElseThrow(
                () ->
                    AdmissionException.allocation(
                        "cannot allocate unregistered device " + resource));
    if (healthy.isEmpty()) {
      throw AdmissionException.allocation(
          "no healthy devices present; cannot allocate unhealthy devices " + resource);
    }
    if (!healthy.containsAll(held)) {
      throw AdmissionException.allocation(
          "previously allocated devices are no longer healthy; cannot allocate unhealthy devices "
              + resource);
    }
    return !held.isEmpty();
  }

  private SortedSet<String> choose(
      DevicePlugin plugin, String resource, int size, SortedSet<String> reusable)
      throws AdmissionException {
    SortedSet<String> chosen = new TreeSet<>();
    fill(chosen, reusable, size);
    if (chosen.size() == size) {
      return chosen;
    }
    SortedSet<String> available = new TreeSet<>(devices.healthy(resource).orElseThrow());
    available.removeAll(devices.inUse(resource));
    int needed = size - chosen.size();
    if (available.size() < needed) {
      throw AdmissionException.allocation(
          "requested number of devices unavailable for %s. Requested: %d, Available: %d"
              .formatted(resource, needed, available.size()));
    }
    List<String> preferred = preferred(plugin, available, chosen, size);
    fill(chosen, preferred.stream().filter(available::contains).toList(), size);
    fill(chosen, available, size);
    return chosen;
  }

  private List<String> preferred(
      DevicePlugin plugin, SortedSet<String> available, SortedSet<String> mustInclude, int size)
      throws AdmissionException {
    if (!plugin.givesPreference()) {
      return List.of();
    }
    SortedSet<String> offered = new TreeSet<>(available);
    offered.addAll(mustInclude);
    try {
      return plugin.preferred(shuffled(offered), shuffled(mustInclude), size);
    } catch (DevicePluginException e) {
      throw AdmissionException.allocation(
          "device plugin GetPreferredAllocation rpc failed with err: " + e.getMessage());
    }
  }

  private static ContainerAllocateResponse call(DevicePlugin plugin, List<String> ids)
      throws AdmissionException {
    try {
      return plugin
          .allocate(ids)
          .orElseThrow(
              () -> AdmissionException.allocation("no containers return in allocation response"));
    } catch (DevicePluginException e) {
      throw AdmissionException.allocation(e.getMessage());
    }
  }

  private void fill(SortedSet<String> chosen, Collection<String> from, int size) {
    for (String id : shuffled(from)) {
      if (chosen.size() == size) {
        return;
      }
      chosen.add(id);
    }
  }

  private List<String> shuffled(Collection<String> ids) {
    List<String> shuffled = new ArrayList<>(ids);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }
}
