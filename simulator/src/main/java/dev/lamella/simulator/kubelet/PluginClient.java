package dev.lamella.simulator.kubelet;

import dev.lamella.proto.deviceplugin.v1beta1.AllocateRequest;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerAllocateRequest;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerAllocateResponse;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerPreferredAllocationRequest;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerPreferredAllocationResponse;
import dev.lamella.proto.deviceplugin.v1beta1.Device;
import dev.lamella.proto.deviceplugin.v1beta1.DevicePluginGrpc;
import dev.lamella.proto.deviceplugin.v1beta1.Empty;
import dev.lamella.proto.deviceplugin.v1beta1.ListAndWatchResponse;
import dev.lamella.proto.deviceplugin.v1beta1.PreferredAllocationRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A registered plugin over its socket. It is dialled once and never again. */
final class PluginClient implements DevicePlugin, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PluginClient.class);

  private final ManagedChannel channel;
  private final boolean givesPreference;

  private PluginClient(ManagedChannel channel, boolean givesPreference) {
    this.channel = channel;
    this.givesPreference = givesPreference;
  }

  /**
   * Connects and asks for the plugin's options.
   *
   * @param timeout how long both may take
   * @throws DevicePluginException if the plugin does not answer
   */
  static PluginClient connect(ManagedChannel channel, Duration timeout)
      throws DevicePluginException {
    try {
      boolean preference =
          DevicePluginGrpc.newBlockingStub(channel)
              .withWaitForReady()
              .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
              .getDevicePluginOptions(Empty.getDefaultInstance())
              .getGetPreferredAllocationAvailable();
      return new PluginClient(channel, preference);
    } catch (StatusRuntimeException e) {
      channel.shutdownNow();
      throw DevicePluginException.of(e.getStatus());
    }
  }

  /**
   * Follows the plugin's devices in the background.
   *
   * @param snapshot takes each full list
   * @param ended runs once, when the stream has ended for whatever reason
   */
  void listAndWatch(Consumer<List<Device>> snapshot, Runnable ended) {
    DevicePluginGrpc.newStub(channel)
        .listAndWatch(
            Empty.getDefaultInstance(),
            new StreamObserver<>() {
              @Override
              public void onNext(ListAndWatchResponse response) {
                snapshot.accept(response.getDevicesList());
              }

              @Override
              public void onError(Throwable t) {
                LOG.info("ListAndWatch ended: {}", Status.fromThrowable(t));
                end();
              }

              @Override
              public void onCompleted() {
                end();
              }

              private void end() {
                ended.run();
                close();
              }
            });
  }

  @Override
  public boolean givesPreference() {
    return givesPreference;
  }

  @Override
  public List<String> preferred(List<String> available, List<String> mustInclude, int size)
      throws DevicePluginException {
    PreferredAllocationRequest request =
        PreferredAllocationRequest.newBuilder()
            .addContainerRequests(
                ContainerPreferredAllocationRequest.newBuilder()
                    .addAllAvailableDeviceIDs(available)
                    .addAllMustIncludeDeviceIDs(mustInclude)
                    .setAllocationSize(size))
            .build();
    try {
      return DevicePluginGrpc.newBlockingStub(channel)
          .getPreferredAllocation(request)
          .getContainerResponsesList()
          .stream()
          .findFirst()
          .map(ContainerPreferredAllocationResponse::getDeviceIDsList)
          .map(List::<String>copyOf)
          .orElse(List.of());
    } catch (StatusRuntimeException e) {
      throw DevicePluginException.of(e.getStatus());
    }
  }

  @Override
  public Optional<ContainerAllocateResponse> allocate(List<String> ids)
      throws DevicePluginException {
    AllocateRequest request =
        AllocateRequest.newBuilder()
            .addContainerRequests(ContainerAllocateRequest.newBuilder().addAllDevicesIds(ids))
            .build();
    try {
      return DevicePluginGrpc.newBlockingStub(channel)
          .allocate(request)
          .getContainerResponsesList()
          .stream()
          .findFirst();
    } catch (StatusRuntimeException e) {
      throw DevicePluginException.of(e.getStatus());
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
