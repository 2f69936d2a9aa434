package dev.lamella.deviceplugin.kubelet;

import dev.lamella.proto.deviceplugin.v1beta1.AllocateRequest;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerAllocateRequest;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerAllocateResponse;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerPreferredAllocationRequest;
import dev.lamella.proto.deviceplugin.v1beta1.Device;
import dev.lamella.proto.deviceplugin.v1beta1.DevicePluginGrpc;
import dev.lamella.proto.deviceplugin.v1beta1.DevicePluginGrpc.DevicePluginBlockingStub;
import dev.lamella.proto.deviceplugin.v1beta1.DevicePluginOptions;
import dev.lamella.proto.deviceplugin.v1beta1.Empty;
import dev.lamella.proto.deviceplugin.v1beta1.ListAndWatchResponse;
import dev.lamella.proto.deviceplugin.v1beta1.PreferredAllocationRequest;
import dev.lamella.proto.deviceplugin.v1beta1.RegisterRequest;
import dev.lamella.proto.deviceplugin.v1beta1.RegistrationGrpc;
import dev.lamella.proto.podresources.v1.AllocatableResourcesRequest;
import dev.lamella.proto.podresources.v1.AllocatableResourcesResponse;
import dev.lamella.proto.podresources.v1.ContainerDevices;
import dev.lamella.proto.podresources.v1.ContainerResources;
import dev.lamella.proto.podresources.v1.ListPodResourcesRequest;
import dev.lamella.proto.podresources.v1.ListPodResourcesResponse;
import dev.lamella.proto.podresources.v1.PodResources;
import dev.lamella.proto.podresources.v1.PodResourcesListerGrpc;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A kubelet's device manager over real sockets: dials back inside Register, asks for options, lists
 * and watches, admits one container at a time, and shows in pod-resources what it handed out.
 */
public final class FakeKubelet implements AutoCloseable {

  private final Path plugins;
  private final Path podResources;
  private final UnixSockets sockets = new UnixSockets();
  private final Map<String, Plugin> byResource = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Set<String>>> held = new TreeMap<>();
  private final List<Server> servers = new ArrayList<>();
  private final Map<String, Set<String>> foreign = new ConcurrentHashMap<>();
  private final List<RegisterRequest> registrations = new CopyOnWriteArrayList<>();
  private final List<String> deadEndpoints = new CopyOnWriteArrayList<>();
  private final AtomicReference<Runnable> whenAsked = new AtomicReference<>(() -> {});
  private volatile boolean refusing;
  private volatile Duration slowness = Duration.ZERO;

  /** A plugin that registered, and what it listed last. */
  private static final class Plugin implements StreamObserver<ListAndWatchResponse> {
    private final String endpoint;
    private final ManagedChannel channel;
    private final List<List<Device>> snapshots = new CopyOnWriteArrayList<>();
    private volatile DevicePluginOptions options;
    private volatile List<Device> devices = List.of();
    private volatile boolean ended;

    Plugin(String endpoint, ManagedChannel channel) {
      this.endpoint = endpoint;
      this.channel = channel;
    }

    @Override
    public void onNext(ListAndWatchResponse snapshot) {
      snapshots.add(snapshot.getDevicesList());
      devices = snapshot.getDevicesList();
    }

    @Override
    public void onError(Throwable error) {
      ended = true;
    }

    @Override
    public void onCompleted() {
      ended = true;
    }
  }

  private FakeKubelet(Path dir) throws IOException {
    plugins = Files.createDirectories(dir.resolve("device-plugins"));
    podResources = Files.createDirectories(dir.resolve("pod-resources"));
  }

  public static FakeKubelet start(Path dir) throws IOException {
    FakeKubelet kubelet = new FakeKubelet(dir);
    kubelet.listen();
    return kubelet;
  }

  private void listen() throws IOException {
    servers.add(sockets.serve(podResources.resolve("kubelet.sock"), new Lister()));
    servers.add(sockets.serve(plugins.resolve("kubelet.sock"), new Registrations()));
  }

  /** Ends, removes every socket of the folder as a starting kubelet does, and starts again. */
  public void restart() throws IOException {
    stop();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(plugins, "*.sock")) {
      for (Path socket : all) {
        Files.delete(socket);
      }
    }
    listen();
  }

  private void stop() {
    byResource.values().forEach(plugin -> plugin.channel.shutdownNow());
    byResource.clear();
    servers.forEach(Server::shutdownNow);
    for (Server server : servers) {
      try {
        server.awaitTermination();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    servers.clear();
  }

  /** Whether registrations are refused from now on. */
  public void refuse(boolean refuse) {
    refusing = refuse;
  }

  /** Register takes this long from now on, as it does when the kubelet's admission is busy. */
  public void slow(Duration duration) {
    slowness = duration;
  }

  /** Done once, before the next answer of what is allocatable. */
  public void whenAsked(Runnable first) {
    whenAsked.set(first);
  }

  /** Removes every socket of ours, as a kubelet does that starts. */
  public void removeSockets() {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(plugins, "lamella-*.sock")) {
      for (Path socket : all) {
        Files.delete(socket);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Endpoints that registered without being there: a kubelet dials each for 10 s. */
  public List<String> deadEndpoints() {
    return List.copyOf(deadEndpoints);
  }

  /** Every registration that was taken, in order. */
  public List<RegisterRequest> registrations() {
    return List.copyOf(registrations);
  }

  /** What a pool answered to GetDevicePluginOptions inside its registration. */
  public DevicePluginOptions options(String resource) {
    return byResource.get(resource).options;
  }

  /** Every snapshot of a pool's stream, in order. */
  public List<List<Device>> snapshots(String resource) {
    Plugin plugin = byResource.get(resource);
    return plugin == null ? List.of() : List.copyOf(plugin.snapshots);
  }

  /** Another plugin serves a resource with these devices; none: it is gone. */
  public void another(String resource, Set<String> ids) throws IOException {
    foreign.put(resource, ids);
    Path socket = plugins.resolve("nvidia-" + resource.split("/")[1] + ".sock");
    Files.deleteIfExists(socket);
    if (!ids.isEmpty()) {
      Files.createFile(socket);
    }
  }

  /** Cuts the stream of a pool, as an old kubelet does by mistake. */
  public void cut(String resource) {
    byResource.remove(resource).channel.shutdownNow();
  }

  public Set<String> resources() {
    return new TreeSet<>(byResource.keySet());
  }

  public Path socketOf(String resource) {
    return plugins.resolve(byResource.get(resource).endpoint);
  }

  /** Ids of the healthy devices of a pool; empty while it has no stream. */
  public Set<String> devices(String resource) {
    Set<String> ids = new TreeSet<>();
    Plugin plugin = byResource.get(resource);
    if (plugin != null && !plugin.ended) {
      plugin.devices.stream()
          .filter(device -> device.getHealth().equals("Healthy"))
          .forEach(device -> ids.add(device.getID()));
    }
    return ids;
  }

  /** How many healthy devices each pool has: what the Node shows as allocatable. */
  public Map<String, Integer> allocatable() {
    Map<String, Integer> counts = new TreeMap<>();
    resources().forEach(resource -> counts.put(resource, devices(resource).size()));
    return counts;
  }

  /** Ids of the unhealthy devices of a pool. */
  public Set<String> unhealthy(String resource) {
    Set<String> ids = new TreeSet<>();
    Plugin plugin = byResource.get(resource);
    if (plugin != null && !plugin.ended) {
      plugin.devices.stream()
          .filter(device -> device.getHealth().equals("Unhealthy"))
          .forEach(device -> ids.add(device.getID()));
    }
    return ids;
  }

  public DevicePluginBlockingStub plugin(String resource) {
    return DevicePluginGrpc.newBlockingStub(byResource.get(resource).channel);
  }

  /**
   * Admits a container of a pod.
   *
   * @param pod namespace/name
   * @return the ids it got, ascending
   * @throws io.grpc.StatusRuntimeException if the plugin refused: the pod then fails for good
   */
  public Set<String> admit(String pod, String resource, int count) {
    Set<String> available = new LinkedHashSet<>(devices(resource));
    synchronized (held) {
      held.values().forEach(pools -> available.removeAll(pools.getOrDefault(resource, Set.of())));
    }
    List<String> preferred =
        plugin(resource)
            .getPreferredAllocation(
                PreferredAllocationRequest.newBuilder()
                    .addContainerRequests(
                        ContainerPreferredAllocationRequest.newBuilder()
                            .addAllAvailableDeviceIDs(available)
                            .setAllocationSize(count))
                    .build())
            .getContainerResponses(0)
            .getDeviceIDsList();
    Set<String> ids = new LinkedHashSet<>(preferred);
    ids.retainAll(available);
    available.forEach(id -> addUpTo(count, ids, id));
    Set<String> taken = new TreeSet<>(new ArrayList<>(ids).subList(0, count));
    allocate(resource, taken);
    synchronized (held) {
      held.computeIfAbsent(pod, name -> new TreeMap<>())
          .computeIfAbsent(resource, name -> new TreeSet<>())
          .addAll(taken);
    }
    return taken;
  }

  private static void addUpTo(int count, Set<String> ids, String id) {
    if (ids.size() < count) {
      ids.add(id);
    }
  }

  /** One Allocate call. */
  public ContainerAllocateResponse allocate(String resource, Collection<String> ids) {
    return plugin(resource)
        .allocate(
            AllocateRequest.newBuilder()
                .addContainerRequests(ContainerAllocateRequest.newBuilder().addAllDevicesIds(ids))
                .build())
        .getContainerResponses(0);
  }

  /** A pod holds devices that it was given before, by whatever plugin. */
  public void holds(String pod, String resource, String... ids) {
    synchronized (held) {
      held.computeIfAbsent(pod, name -> new TreeMap<>())
          .computeIfAbsent(resource, name -> new TreeSet<>())
          .addAll(List.of(ids));
    }
  }

  /** What a pool listed last, topology included. */
  public List<Device> listed(String resource) {
    Plugin plugin = byResource.get(resource);
    return plugin == null ? List.of() : plugin.devices;
  }

  /** A pod's containers have ended: its devices are free. */
  public void ended(String pod) {
    synchronized (held) {
      held.remove(pod);
    }
  }

  @Override
  public void close() {
    stop();
    sockets.close();
  }

  private final class Registrations extends RegistrationGrpc.RegistrationImplBase {
    @Override
    public void register(RegisterRequest request, StreamObserver<Empty> out) {
      if (refusing || !request.getVersion().equals("v1beta1")) {
        out.onError(Status.UNAVAILABLE.withDescription("not now").asRuntimeException());
        return;
      }
      if (!Files.exists(plugins.resolve(request.getEndpoint()))) {
        deadEndpoints.add(request.getEndpoint());
      }
      ManagedChannel channel = sockets.dial(plugins.resolve(request.getEndpoint()));
      Plugin plugin = new Plugin(request.getEndpoint(), channel);
      pause();
      plugin.options =
          DevicePluginGrpc.newBlockingStub(channel)
              .getDevicePluginOptions(Empty.getDefaultInstance());
      registrations.add(request);
      Plugin before = byResource.put(request.getResourceName(), plugin);
      if (before != null) {
        before.channel.shutdownNow();
      }
      // In a context of its own, or the stream would end with this call.
      Context.ROOT.run(
          () -> DevicePluginGrpc.newStub(channel).listAndWatch(Empty.getDefaultInstance(), plugin));
      out.onNext(Empty.getDefaultInstance());
      out.onCompleted();
    }
  }

  private void pause() {
    try {
      Thread.sleep(slowness.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Lister extends PodResourcesListerGrpc.PodResourcesListerImplBase {
    @Override
    public void list(
        ListPodResourcesRequest request, StreamObserver<ListPodResourcesResponse> out) {
      ListPodResourcesResponse.Builder response = ListPodResourcesResponse.newBuilder();
      synchronized (held) {
        held.forEach((pod, pools) -> response.addPodResources(pod(pod, pools)));
      }
      out.onNext(response.build());
      out.onCompleted();
    }

    @Override
    public void getAllocatableResources(
        AllocatableResourcesRequest request, StreamObserver<AllocatableResourcesResponse> out) {
      whenAsked.getAndSet(() -> {}).run();
      AllocatableResourcesResponse.Builder response = AllocatableResourcesResponse.newBuilder();
      Map<String, Set<String>> all = new TreeMap<>(foreign);
      byResource.keySet().forEach(resource -> all.put(resource, devices(resource)));
      all.forEach(
          (resource, ids) ->
              response.addDevices(
                  ContainerDevices.newBuilder().setResourceName(resource).addAllDeviceIds(ids)));
      out.onNext(response.build());
      out.onCompleted();
    }

    private PodResources pod(String pod, Map<String, Set<String>> pools) {
      ContainerResources.Builder container = ContainerResources.newBuilder().setName("main");
      pools.forEach(
          (resource, ids) ->
              container.addDevices(
                  ContainerDevices.newBuilder().setResourceName(resource).addAllDeviceIds(ids)));
      String[] parts = pod.split("/");
      return PodResources.newBuilder()
          .setNamespace(parts[0])
          .setName(parts[1])
          .addContainers(container)
          .build();
    }
  }
}
