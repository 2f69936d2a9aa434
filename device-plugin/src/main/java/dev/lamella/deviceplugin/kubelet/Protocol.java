package dev.lamella.deviceplugin.kubelet;

import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.Ask;
import dev.lamella.deviceplugin.allocation.Catalogue;
import dev.lamella.deviceplugin.allocation.Quoted;
import dev.lamella.deviceplugin.allocation.Verdict.Reason;
import dev.lamella.deviceplugin.container.Injection;
import dev.lamella.proto.deviceplugin.v1beta1.CDIDevice;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerAllocateResponse;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerPreferredAllocationRequest;
import dev.lamella.proto.deviceplugin.v1beta1.Device;
import dev.lamella.proto.deviceplugin.v1beta1.DeviceSpec;
import dev.lamella.proto.deviceplugin.v1beta1.ListAndWatchResponse;
import dev.lamella.proto.deviceplugin.v1beta1.Mount;
import dev.lamella.proto.deviceplugin.v1beta1.NUMANode;
import dev.lamella.proto.deviceplugin.v1beta1.TopologyInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Between the kubelet's messages and our own terms. */
final class Protocol {

  private Protocol() {}

  static ListAndWatchResponse snapshot(List<Catalogue.Device> devices) {
    ListAndWatchResponse.Builder snapshot = ListAndWatchResponse.newBuilder();
    for (Catalogue.Device device : devices) {
      Device.Builder one =
          Device.newBuilder().setID(device.id().text()).setHealth(device.health().text());
      device
          .numaNode()
          .ifPresent(
              node ->
                  one.setTopology(
                      TopologyInfo.newBuilder().addNodes(NUMANode.newBuilder().setID(node))));
      snapshot.addDevices(one);
    }
    return snapshot.build();
  }

  /**
   * @throws io.grpc.StatusRuntimeException for a question that contradicts itself
   */
  static Ask ask(ResourceName resource, ContainerPreferredAllocationRequest request) {
    int size = request.getAllocationSize();
    List<String> must = request.getMustIncludeDeviceIDsList();
    if (size < 0 || must.size() > size) {
      throw malformed(
          "allocation_size is %d with %d devices to include, expected as many or more"
              .formatted(size, must.size()));
    }
    Set<String> available = new HashSet<>(request.getAvailableDeviceIDsList());
    Set<String> included = new HashSet<>();
    for (String id : must) {
      if (!available.contains(id) || !included.add(id) || devices(List.of(id)).isEmpty()) {
        throw malformed(
            "device %s must be included, but is none of those available, or is named twice"
                .formatted(Quoted.of(id)));
      }
    }
    return new Ask(resource, devices(request.getAvailableDeviceIDsList()), devices(must), size);
  }

  private static StatusRuntimeException malformed(String why) {
    return Status.INVALID_ARGUMENT.withDescription(why).asRuntimeException();
  }

  /** UUIDs of the slices that readable ids stand on, each once, ascending. */
  static List<String> slices(List<String> ids) {
    return devices(ids).stream().map(DeviceId::slice).distinct().sorted().toList();
  }

  /** The readable ones: the kubelet may still list what an earlier version advertised. */
  static List<DeviceId> devices(List<String> ids) {
    List<DeviceId> devices = new ArrayList<>();
    for (String id : ids) {
      try {
        devices.add(DeviceId.parse(id));
      } catch (IllegalArgumentException e) {
        continue;
      }
    }
    return devices;
  }

  /** What the container gets. */
  static ContainerAllocateResponse response(Injection injection) {
    ContainerAllocateResponse.Builder response =
        ContainerAllocateResponse.newBuilder()
            .putAllEnvs(injection.environment())
            .putAllAnnotations(injection.annotations());
    injection
        .mounts()
        .forEach(
            (inside, outside) ->
                response.addMounts(
                    Mount.newBuilder().setContainerPath(inside).setHostPath(outside)));
    injection
        .deviceNodes()
        .forEach(
            path ->
                response.addDevices(
                    DeviceSpec.newBuilder()
                        .setContainerPath(path)
                        .setHostPath(path)
                        .setPermissions("rw")));
    injection
        .cdiDevices()
        .forEach(name -> response.addCdiDevices(CDIDevice.newBuilder().setName(name)));
    return response.build();
  }

  static Status status(Reason reason) {
    return switch (reason) {
      case MALFORMED, UNKNOWN_DEVICE -> Status.INVALID_ARGUMENT;
      case UNHEALTHY_DEVICE, MODES_WOULD_MIX, HELD_UNDER_ANOTHER_NAME, CORDONED ->
          Status.FAILED_PRECONDITION;
    };
  }
}
