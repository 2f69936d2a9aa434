package dev.lamella.simulator.kubelet;

import dev.lamella.proto.deviceplugin.v1beta1.Device;
import dev.lamella.proto.podresources.v1.AllocatableResourcesRequest;
import dev.lamella.proto.podresources.v1.AllocatableResourcesResponse;
import dev.lamella.proto.podresources.v1.ContainerDevices;
import dev.lamella.proto.podresources.v1.ContainerResources;
import dev.lamella.proto.podresources.v1.GetPodResourcesRequest;
import dev.lamella.proto.podresources.v1.GetPodResourcesResponse;
import dev.lamella.proto.podresources.v1.ListPodResourcesRequest;
import dev.lamella.proto.podresources.v1.ListPodResourcesResponse;
import dev.lamella.proto.podresources.v1.NUMANode;
import dev.lamella.proto.podresources.v1.PodResources;
import dev.lamella.proto.podresources.v1.PodResourcesListerGrpc;
import dev.lamella.proto.podresources.v1.TopologyInfo;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Who holds which devices, for active pods only; ordinary init containers are left out. As in the
 * kubelet, each device is an entry of its own, once per NUMA node it names.
 */
final class PodResourcesService extends PodResourcesListerGrpc.PodResourcesListerImplBase {

  private final DeviceManager devices;
  private final Supplier<List<ActivePod>> activePods;

  /**
   * An active pod.
   *
   * @param containers sidecars and main containers, in the order of the pod's spec
   */
  record ActivePod(String uid, String namespace, String name, List<String> containers) {}

  PodResourcesService(DeviceManager devices, Supplier<List<ActivePod>> activePods) {
    this.devices = devices;
    this.activePods = activePods;
  }

  @Override
  public void list(
      ListPodResourcesRequest request, StreamObserver<ListPodResourcesResponse> observer) {
    ListPodResourcesResponse.Builder response = ListPodResourcesResponse.newBuilder();
    current().forEach(pod -> response.addPodResources(resources(pod)));
    observer.onNext(response.build());
    observer.onCompleted();
  }

  @Override
  public void get(
      GetPodResourcesRequest request, StreamObserver<GetPodResourcesResponse> observer) {
    Optional<ActivePod> pod =
        current().stream()
            .filter(p -> p.name().equals(request.getPodName()))
            .filter(p -> p.namespace().equals(request.getPodNamespace()))
            .findFirst();
    if (pod.isEmpty()) {
      observer.onError(
          Status.UNKNOWN
              .withDescription(
                  "pod %s in namespace %s not found"
                      .formatted(request.getPodName(), request.getPodNamespace()))
              .asRuntimeException());
      return;
    }
    observer.onNext(
        GetPodResourcesResponse.newBuilder().setPodResources(resources(pod.get())).build());
    observer.onCompleted();
  }

  @Override
  public void getAllocatableResources(
      AllocatableResourcesRequest request, StreamObserver<AllocatableResourcesResponse> observer) {
    AllocatableResourcesResponse.Builder response = AllocatableResourcesResponse.newBuilder();
    devices
        .allocatable()
        .forEach(
            (resource, list) ->
                list.forEach(
                    d ->
                        entries(resource, d.getID(), Optional.of(d))
                            .forEach(response::addDevices)));
    observer.onNext(response.build());
    observer.onCompleted();
  }

  private List<ActivePod> current() {
    List<ActivePod> pods = activePods.get();
    SortedSet<String> uids = new TreeSet<>();
    pods.forEach(pod -> uids.add(pod.uid()));
    devices.freeInactive(uids);
    return pods;
  }

  private PodResources resources(ActivePod pod) {
    PodResources.Builder resources =
        PodResources.newBuilder().setName(pod.name()).setNamespace(pod.namespace());
    for (String container : pod.containers()) {
      ContainerResources.Builder held = ContainerResources.newBuilder().setName(container);
      for (DeviceGrant grant : devices.held(pod.uid(), container)) {
        for (String id : grant.ids()) {
          entries(grant.resource(), id, devices.device(grant.resource(), id))
              .forEach(held::addDevices);
        }
      }
      resources.addContainers(held);
    }
    return resources.build();
  }

  private static List<ContainerDevices> entries(
      String resource, String id, Optional<Device> device) {
    ContainerDevices.Builder plain =
        ContainerDevices.newBuilder().setResourceName(resource).addDeviceIds(id);
    if (device.isEmpty() || !device.get().hasTopology()) {
      return List.of(plain.build());
    }
    return device.get().getTopology().getNodesList().stream()
        .map(
            node ->
                plain
                    .clone()
                    .setTopology(
                        TopologyInfo.newBuilder()
                            .addNodes(NUMANode.newBuilder().setID(node.getID())))
                    .build())
        .toList();
  }
}
