package dev.lamella.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.proto.podresources.v1.AllocatableResourcesRequest;
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
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** What a kubelet itself says of devices: its checkpoint and its pod-resources API. */
final class KubeletBooks {

  private KubeletBooks() {}

  /**
   * The device manager's checkpoint, by pod UID; every container that was admitted is in it, the
   * ended init containers too.
   *
   * @param dir the kubelet's folder
   */
  static Map<String, Set<Device>> checkpoint(Path dir) throws IOException {
    JsonNode entries =
        new JsonMapper()
            .readTree(dir.resolve("device-plugins/kubelet_internal_checkpoint").toFile())
            .at("/Data/PodDeviceEntries");
    Map<String, Set<Device>> byUid = new TreeMap<>();
    for (JsonNode entry : entries) {
      String resource = entry.path("ResourceName").asText();
      Set<Device> devices =
          byUid.computeIfAbsent(entry.path("PodUID").asText(), uid -> new HashSet<>());
      for (JsonNode ids : entry.path("DeviceIDs")) {
        ids.forEach(
            id ->
                devices.add(
                    new Device(entry.path("ContainerName").asText(), resource, id.asText())));
      }
    }
    return byUid;
  }

  /**
   * What the pod-resources API lists, by namespace/name.
   *
   * @param dir the kubelet's folder
   */
  static Map<String, Set<Device>> podResources(Path dir) {
    return read(ask(dir, stub -> stub.list(ListPodResourcesRequest.getDefaultInstance())));
  }

  /** How many healthy devices of ours the device manager has, in use or not. */
  static int allocatable(Path dir) {
    return ask(
            dir,
            stub -> stub.getAllocatableResources(AllocatableResourcesRequest.newBuilder().build()))
        .getDevicesList()
        .stream()
        .filter(devices -> ResourceName.parse(devices.getResourceName()).isPresent())
        .mapToInt(devices -> devices.getDeviceIdsCount())
        .sum();
  }

  private static <T> T ask(
      Path dir, Function<PodResourcesListerGrpc.PodResourcesListerBlockingStub, T> question) {
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("pod-resources", true), EpollIoHandler.newFactory());
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(
                new DomainSocketAddress(dir.resolve("pod-resources/kubelet.sock").toFile()))
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(loop)
            .directExecutor()
            .overrideAuthority("localhost")
            .usePlaintext()
            .build();
    try {
      return question.apply(
          PodResourcesListerGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS));
    } finally {
      channel.shutdownNow();
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  private static Map<String, Set<Device>> read(ListPodResourcesResponse answer) {
    Map<String, Set<Device>> byPod = new TreeMap<>();
    for (var pod : answer.getPodResourcesList()) {
      Set<Device> devices = new HashSet<>();
      for (var container : pod.getContainersList()) {
        for (var held : container.getDevicesList()) {
          if (ResourceName.parse(held.getResourceName()).isPresent()) {
            held.getDeviceIdsList()
                .forEach(
                    id -> devices.add(new Device(container.getName(), held.getResourceName(), id)));
          }
        }
      }
      if (!devices.isEmpty()) {
        byPod.put(pod.getNamespace() + "/" + pod.getName(), devices);
      }
    }
    return byPod;
  }
}
