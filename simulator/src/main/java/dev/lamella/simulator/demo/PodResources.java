package dev.lamella.simulator.demo;

import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.proto.podresources.v1.ContainerDevices;
import dev.lamella.proto.podresources.v1.ContainerResources;
import dev.lamella.proto.podresources.v1.ListPodResourcesRequest;
import dev.lamella.proto.podresources.v1.ListPodResourcesResponse;
import dev.lamella.proto.podresources.v1.PodResourcesListerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Asks a kubelet, over its pod-resources socket, which devices its pods hold. */
final class PodResources implements AutoCloseable {

  private static final long DEADLINE_SECONDS = 10;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("demo-pod-resources", true), EpollIoHandler.newFactory());
  private final ManagedChannel channel;

  /**
   * @param kubeletDir the kubelet's folder; its socket is {@code pod-resources/kubelet.sock}
   */
  PodResources(Path kubeletDir) {
    Path socket = kubeletDir.resolve("pod-resources").resolve("kubelet.sock");
    channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(loop)
            .directExecutor()
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
  }

  /** The devices that stand for slices, of all pods that hold some. */
  KubeletDevices list() {
    ListPodResourcesResponse answer =
        PodResourcesListerGrpc.newBlockingStub(channel)
            .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
            .list(ListPodResourcesRequest.getDefaultInstance());
    Map<String, List<KubeletDevices.Given>> byPod = new TreeMap<>();
    answer
        .getPodResourcesList()
        .forEach(
            pod -> {
              List<KubeletDevices.Given> given = new ArrayList<>();
              pod.getContainersList().forEach(container -> given.addAll(given(container)));
              if (!given.isEmpty()) {
                byPod.put(pod.getNamespace() + "/" + pod.getName(), given);
              }
            });
    return new KubeletDevices(byPod);
  }

  /** One entry a resource: the kubelet lists devices of several NUMA nodes apart. */
  private static List<KubeletDevices.Given> given(ContainerResources container) {
    Map<String, List<DeviceId>> byResource = new TreeMap<>();
    for (ContainerDevices devices : container.getDevicesList()) {
      if (ResourceName.parse(devices.getResourceName()).isPresent()) {
        List<DeviceId> ids =
            byResource.computeIfAbsent(devices.getResourceName(), name -> new ArrayList<>());
        devices.getDeviceIdsList().forEach(id -> ids.add(DeviceId.parse(id)));
      }
    }
    List<KubeletDevices.Given> given = new ArrayList<>();
    byResource.forEach(
        (resource, ids) ->
            given.add(new KubeletDevices.Given(container.getName(), resource, List.copyOf(ids))));
    return given;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
