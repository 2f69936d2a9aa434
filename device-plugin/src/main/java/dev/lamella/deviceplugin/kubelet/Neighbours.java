package dev.lamella.deviceplugin.kubelet;

import dev.lamella.core.resource.ResourceName;
import dev.lamella.proto.podresources.v1.AllocatableResourcesRequest;
import dev.lamella.proto.podresources.v1.AllocatableResourcesResponse;
import dev.lamella.proto.podresources.v1.ContainerDevices;
import dev.lamella.proto.podresources.v1.PodResourcesListerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Other device plugins that serve our resources. The kubelet knows: a resource has allocatable
 * devices only while some plugin's stream is open. Sockets in its folder may be left over, and only
 * help to name the culprit.
 */
final class Neighbours {

  private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);
  private static final long DEADLINE_SECONDS = 5;

  private final UnixSockets sockets;
  private final Path podResources;
  private final PluginFolder folder;

  Neighbours(UnixSockets sockets, Path kubeletDir, PluginFolder folder) {
    this.sockets = sockets;
    this.podResources = kubeletDir.resolve("pod-resources/kubelet.sock");
    this.folder = folder;
  }

  /**
   * Who serves a resource that we do not serve now.
   *
   * @param unserved resources for which no stream of ours is open
   * @return one sentence; empty if nobody does, or the kubelet does not tell
   */
  Optional<String> serving(Collection<ResourceName> unserved) {
    if (!Files.exists(podResources)) {
      return Optional.empty();
    }
    TreeSet<String> taken = new TreeSet<>();
    for (ContainerDevices devices : allocatable().getDevicesList()) {
      boolean ours =
          ResourceName.parse(devices.getResourceName()).filter(unserved::contains).isPresent();
      if (ours && devices.getDeviceIdsCount() > 0) {
        taken.add(devices.getResourceName());
      }
    }
    return taken.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "another device plugin serves %s; remove it from this node (sockets of others in %s:"
                    .formatted(String.join(", ", taken), folder.path())
                + " %s)".formatted(others()));
  }

  private AllocatableResourcesResponse allocatable() {
    ManagedChannel channel = sockets.dial(podResources);
    try {
      return PodResourcesListerGrpc.newBlockingStub(channel)
          .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
          .getAllocatableResources(AllocatableResourcesRequest.getDefaultInstance());
    } catch (StatusRuntimeException e) {
      LOG.info("whether another plugin serves our resources is not known: {}", e.getStatus());
      return AllocatableResourcesResponse.getDefaultInstance();
    } finally {
      channel.shutdownNow();
    }
  }

  private String others() {
    TreeSet<String> names = new TreeSet<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder.path(), "*.sock")) {
      found.forEach(socket -> names.add(socket.getFileName().toString()));
    } catch (IOException e) {
      LOG.warn("{} cannot be listed: {}", folder.path(), e.toString());
    }
    names.remove(folder.kubeletSocket().getFileName().toString());
    names.removeIf(PluginFolder::ours);
    return names.isEmpty() ? "none" : String.join(", ", names);
  }
}
