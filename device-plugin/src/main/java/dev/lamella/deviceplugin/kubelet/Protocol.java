package dev.lamella.deviceplugin.kubelet;

import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.Ask;
import dev.lamella.deviceplugin.allocation.Catalogue;
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
import java.util.ArrayList;
import java.util.List;

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

  static Ask ask(ResourceName resource, ContainerPreferredAllocationRequest request) {
    return new Ask(
        resource,
        devices(request.getAvailableDeviceIDsList()),
        devices(request.getMustIncludeDeviceIDsList()),
        request.getAllocationSize());
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
      case UNKNOWN_DEVICE -> Status.INVALID_ARGUMENT;
      case UNHEALTHY_DEVICE, MODES_WOULD_MIX, HELD_UNDER_ANOTHER_NAME, CORDONED ->
          Status.FAILED_PRECONDITION;
    };
  }
}
