package dev.lamella.simulator.kubelet;

import dev.lamella.proto.deviceplugin.v1beta1.AllocateRequest;
import dev.lamella.proto.deviceplugin.v1beta1.AllocateResponse;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerAllocateResponse;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerPreferredAllocationResponse;
import dev.lamella.proto.deviceplugin.v1beta1.Device;
import dev.lamella.proto.deviceplugin.v1beta1.DevicePluginGrpc;
import dev.lamella.proto.deviceplugin.v1beta1.DevicePluginOptions;
import dev.lamella.proto.deviceplugin.v1beta1.Empty;
import dev.lamella.proto.deviceplugin.v1beta1.ListAndWatchResponse;
import dev.lamella.proto.deviceplugin.v1beta1.PreferredAllocationRequest;
import dev.lamella.proto.deviceplugin.v1beta1.PreferredAllocationResponse;
import dev.lamella.proto.deviceplugin.v1beta1.RegisterRequest;
import dev.lamella.proto.deviceplugin.v1beta1.RegistrationGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A device plugin on a socket whose answers are set by the test. A container's environment names
 * its devices in {@code DEVICES}.
 */
final class ScriptedPlugin extends DevicePluginGrpc.DevicePluginImplBase implements AutoCloseable {

  final String resource;
  final List<PreferredAllocationRequest> preferences = new CopyOnWriteArrayList<>();
  final List<List<String>> allocations = new CopyOnWriteArrayList<>();
  final AtomicInteger streams = new AtomicInteger();
  final AtomicInteger mostAtOnce = new AtomicInteger();
  volatile List<String> preferred = List.of();
  volatile String refusePreference;
  volatile String refuseAllocate;
  volatile Semaphore gate = new Semaphore(1_000_000);

  private final Path folder;
  private final String endpoint;
  private final UnixSockets sockets;
  private final Server server;
  private final AtomicInteger atOnce = new AtomicInteger();
  private final List<StreamObserver<ListAndWatchResponse>> watchers = new ArrayList<>();
  private List<Device> devices = List.of();

  /** Serves on its socket; it does not register by itself. */
  ScriptedPlugin(Path kubeletDir, String resource, String endpoint) throws IOException {
    this.folder = kubeletDir.resolve("device-plugins");
    this.resource = resource;
    this.endpoint = endpoint;
    this.sockets = new UnixSockets("plugin-" + endpoint);
    this.server = sockets.serve(folder.resolve(endpoint), this);
  }

  /** A device that is healthy, or is not if its id starts with "bad-". */
  private static Device device(String id) {
    boolean bad = id.startsWith("bad-");
    return Device.newBuilder().setID(id).setHealth(bad ? "Unhealthy" : "Healthy").build();
  }

  /** Sends a new full list to whoever watches, and to those who come. */
  synchronized void devices(String... ids) {
    devices = java.util.Arrays.stream(ids).map(ScriptedPlugin::device).toList();
    watchers.forEach(w -> w.onNext(snapshot()));
  }

  private ListAndWatchResponse snapshot() {
    return ListAndWatchResponse.newBuilder().addAllDevices(devices).build();
  }

  void register() {
    register("v1beta1", endpoint);
  }

  /** Registers with what is given, which may be wrong. */
  void register(String version, String at) {
    ManagedChannel channel = sockets.dial(folder.resolve("kubelet.sock"));
    try {
      RegistrationGrpc.newBlockingStub(channel)
          .withDeadlineAfter(20, TimeUnit.SECONDS)
          .register(
              RegisterRequest.newBuilder()
                  .setVersion(version)
                  .setEndpoint(at)
                  .setResourceName(resource)
                  .build());
    } finally {
      channel.shutdownNow();
    }
  }

  synchronized void endStreams() {
    watchers.forEach(StreamObserver::onCompleted);
    watchers.clear();
  }

  @Override
  public void getDevicePluginOptions(Empty request, StreamObserver<DevicePluginOptions> observer) {
    observer.onNext(
        DevicePluginOptions.newBuilder().setGetPreferredAllocationAvailable(true).build());
    observer.onCompleted();
  }

  @Override
  public synchronized void listAndWatch(
      Empty request, StreamObserver<ListAndWatchResponse> observer) {
    streams.incrementAndGet();
    watchers.add(observer);
    observer.onNext(snapshot());
  }

  @Override
  public void getPreferredAllocation(
      PreferredAllocationRequest request, StreamObserver<PreferredAllocationResponse> observer) {
    preferences.add(request);
    if (refusePreference != null) {
      observer.onError(Status.UNKNOWN.withDescription(refusePreference).asRuntimeException());
      return;
    }
    observer.onNext(
        PreferredAllocationResponse.newBuilder()
            .addContainerResponses(
                ContainerPreferredAllocationResponse.newBuilder().addAllDeviceIDs(preferred))
            .build());
    observer.onCompleted();
  }

  @Override
  public void allocate(AllocateRequest request, StreamObserver<AllocateResponse> observer) {
    List<String> ids =
        request.getContainerRequests(0).getDevicesIdsList().stream().sorted().toList();
    mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    allocations.add(ids);
    gate.acquireUninterruptibly();
    atOnce.decrementAndGet();
    if (refuseAllocate != null) {
      observer.onError(Status.UNKNOWN.withDescription(refuseAllocate).asRuntimeException());
      return;
    }
    observer.onNext(
        AllocateResponse.newBuilder()
            .addContainerResponses(
                ContainerAllocateResponse.newBuilder().putEnvs("DEVICES", String.join(",", ids)))
            .build());
    observer.onCompleted();
  }

  @Override
  public void close() {
    gate.release(1000);
    server.shutdownNow();
    sockets.close();
  }

  /** A plugin that answers nothing. */
  static final class Silent extends DevicePluginGrpc.DevicePluginImplBase {}
}
