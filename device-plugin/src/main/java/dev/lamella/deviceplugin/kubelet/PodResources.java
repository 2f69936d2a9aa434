package dev.lamella.deviceplugin.kubelet;

import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.PodName;
import dev.lamella.deviceplugin.allocation.Reading;
import dev.lamella.proto.podresources.v1.ContainerDevices;
import dev.lamella.proto.podresources.v1.ContainerResources;
import dev.lamella.proto.podresources.v1.ListPodResourcesRequest;
import dev.lamella.proto.podresources.v1.ListPodResourcesResponse;
import dev.lamella.proto.podresources.v1.PodResourcesListerGrpc;
import io.grpc.ManagedChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks the kubelet what is really held. For one thread. */
final class PodResources implements AutoCloseable {

  private static final long DEADLINE_SECONDS = 5;

  private final UnixSockets sockets;
  private final Path socket;
  private ManagedChannel channel;

  /**
   * @param kubeletDir the kubelet's root, usually /var/lib/kubelet
   */
  PodResources(UnixSockets sockets, Path kubeletDir) {
    this.sockets = sockets;
    this.socket = kubeletDir.resolve("pod-resources/kubelet.sock");
  }

  /** Whether there is somebody to ask. */
  boolean present() {
    return Files.exists(socket);
  }

  Path socket() {
    return socket;
  }

  /**
   * What is listed.
   *
   * @param pods how many pods, those without devices included
   * @param held every device of ours that a container of an active pod holds
   */
  record Listing(int pods, List<Reading.Held> held) {}

  /**
   * Asks for all active pods.
   *
   * @throws io.grpc.StatusRuntimeException if the kubelet does not answer; RESOURCE_EXHAUSTED when
   *     it was asked too often
   */
  Listing list() {
    if (channel == null) {
      channel = sockets.dial(socket);
    }
    boolean answered = false;
    try {
      ListPodResourcesResponse response =
          PodResourcesListerGrpc.newBlockingStub(channel)
              .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
              .list(ListPodResourcesRequest.getDefaultInstance());
      answered = true;
      return new Listing(response.getPodResourcesCount(), held(response));
    } finally {
      if (!answered) {
        // A channel's own backoff grows to two minutes: a kubelet that is back is asked at once.
        close();
      }
    }
  }

  private static List<Reading.Held> held(ListPodResourcesResponse response) {
    List<Reading.Held> held = new ArrayList<>();
    response
        .getPodResourcesList()
        .forEach(
            pod -> {
              PodName name = new PodName(pod.getNamespace(), pod.getName());
              for (ContainerResources container : pod.getContainersList()) {
                container
                    .getDevicesList()
                    .forEach(devices -> add(name, container.getName(), devices, held));
              }
            });
    return held;
  }

  private static void add(
      PodName pod, String container, ContainerDevices devices, List<Reading.Held> held) {
    Optional<ResourceName> resource = ResourceName.parse(devices.getResourceName());
    if (resource.isPresent()) {
      for (DeviceId device : Protocol.devices(devices.getDeviceIdsList())) {
        held.add(new Reading.Held(resource.get(), device, pod, container));
      }
    }
  }

  @Override
  public void close() {
    if (channel != null) {
      channel.shutdownNow();
      channel = null;
    }
  }
}
