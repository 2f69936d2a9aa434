package dev.lamella.deviceplugin.kubelet;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.AllocationBook;
import dev.lamella.deviceplugin.allocation.Catalogue;
import dev.lamella.deviceplugin.allocation.Choice;
import dev.lamella.deviceplugin.allocation.Patience;
import dev.lamella.deviceplugin.container.Injector;
import dev.lamella.proto.deviceplugin.v1beta1.AllocateRequest;
import dev.lamella.proto.deviceplugin.v1beta1.AllocateResponse;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerAllocateRequest;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerPreferredAllocationRequest;
import dev.lamella.proto.deviceplugin.v1beta1.DevicePluginGrpc;
import dev.lamella.proto.deviceplugin.v1beta1.PreferredAllocationRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks the path of an allocation before the kubelet does: in a cold JVM the first call takes
 * 120-280 ms, in which no pod of the node is admitted. The real book is not touched: the calls over
 * the socket ask for nothing, and the devices are taken from a scratch book.
 */
final class WarmUp {

  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
  private static final int ROUNDS = 5;

  private WarmUp() {}

  static void run(Catalogue catalogue, Path socket, Pool.Parts parts) {
    ManagedChannel channel = parts.sockets().dial(socket);
    try {
      DevicePluginGrpc.DevicePluginBlockingStub plugin = DevicePluginGrpc.newBlockingStub(channel);
      for (int i = 0; i < ROUNDS; i++) {
        plugin
            .withDeadlineAfter(5, TimeUnit.SECONDS)
            .getPreferredAllocation(PreferredAllocationRequest.getDefaultInstance());
        plugin
            .withDeadlineAfter(5, TimeUnit.SECONDS)
            .allocate(AllocateRequest.getDefaultInstance());
        scratch(catalogue, parts.injector());
      }
    } catch (StatusRuntimeException | InvalidProtocolBufferException e) {
      LOG.warn(
          "warming up at {} failed, the first allocation will be slow: {}", socket, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      channel.shutdownNow();
    }
  }

  private static void scratch(Catalogue catalogue, Injector injector)
      throws InterruptedException, InvalidProtocolBufferException {
    Patience none = new Patience(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    AllocationBook book = new AllocationBook(none, System::nanoTime);
    book.offer(catalogue);
    for (ResourceName resource : catalogue.resources()) {
      List<String> all =
          catalogue.devices(resource).stream().map(device -> device.id().text()).toList();
      Choice choice = book.prefer(Protocol.ask(resource, question(all)));
      List<String> ids = choice.devices().stream().map(DeviceId::text).toList();
      book.allocate(resource, ids);
      answer(ids, injector);
    }
  }

  /** As the kubelet's bytes come in. */
  private static ContainerPreferredAllocationRequest question(List<String> available)
      throws InvalidProtocolBufferException {
    return ContainerPreferredAllocationRequest.parseFrom(
        ContainerPreferredAllocationRequest.newBuilder()
            .addAllAvailableDeviceIDs(available)
            .setAllocationSize(1)
            .build()
            .toByteString());
  }

  /** As the answer goes out. */
  private static void answer(List<String> ids, Injector injector)
      throws InvalidProtocolBufferException {
    ContainerAllocateRequest asked =
        ContainerAllocateRequest.parseFrom(
            ContainerAllocateRequest.newBuilder().addAllDevicesIds(ids).build().toByteString());
    AllocateResponse.newBuilder()
        .addContainerResponses(
            Protocol.response(injector.inject(Protocol.slices(asked.getDevicesIdsList()))))
        .build()
        .toByteString();
  }
}
