package dev.lamella.simulator.kubelet;

import dev.lamella.proto.deviceplugin.v1beta1.CDIDevice;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerAllocateResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a container would have been started with: the plugins' answers for all its resources.
 *
 * @param envs environment variables
 * @param annotations annotations for the container runtime
 * @param mounts {@code host path:container path}
 * @param devices {@code host path:container path:permissions}
 * @param cdiDevices CDI device names, such as {@code nvidia.com/gpu=MIG-...}
 */
public record ContainerSettings(
    Map<String, String> envs,
    Map<String, String> annotations,
    List<String> mounts,
    List<String> devices,
    List<String> cdiDevices) {

  public ContainerSettings {
    envs = Collections.unmodifiableMap(new TreeMap<>(envs));
    annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    mounts = List.copyOf(mounts);
    devices = List.copyOf(devices);
    cdiDevices = List.copyOf(cdiDevices);
  }

  /** Puts answers together; of two values for one key the first stays, as in the kubelet. */
  static ContainerSettings merge(List<ContainerAllocateResponse> answers) {
    Map<String, String> envs = new TreeMap<>();
    Map<String, String> annotations = new TreeMap<>();
    List<String> mounts = new ArrayList<>();
    List<String> devices = new ArrayList<>();
    List<String> cdi = new ArrayList<>();
    for (ContainerAllocateResponse answer : answers) {
      answer.getEnvsMap().forEach(envs::putIfAbsent);
      answer.getAnnotationsMap().forEach(annotations::putIfAbsent);
      answer.getMountsList().forEach(m -> mounts.add(m.getHostPath() + ":" + m.getContainerPath()));
      answer
          .getDevicesList()
          .forEach(
              d ->
                  devices.add(
                      d.getHostPath() + ":" + d.getContainerPath() + ":" + d.getPermissions()));
      answer.getCdiDevicesList().stream().map(CDIDevice::getName).forEach(cdi::add);
    }
    return new ContainerSettings(envs, annotations, mounts, devices, cdi);
  }
}
