package dev.lamella.deviceplugin.kubelet;

import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.AllocationBook;
import dev.lamella.deviceplugin.allocation.Ask;
import dev.lamella.deviceplugin.allocation.Catalogue;
import dev.lamella.deviceplugin.allocation.Choice;
import dev.lamella.deviceplugin.allocation.Patience;
import dev.lamella.proto.deviceplugin.v1beta1.AllocateRequest;
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

  static void run(Catalogue catalogue, Path socket, UnixSockets sockets) {
    ManagedChannel channel = sockets.dial(socket);
    try {
      DevicePluginGrpc.DevicePluginBlockingStub plugin = DevicePluginGrpc.newBlockingStub(channel);
      for (int i = 0; i < ROUNDS; i++) {
        plugin
            .withDeadlineAfter(5, TimeUnit.SECONDS)
            .getPreferredAllocation(PreferredAllocationRequest.getDefaultInstance());
        plugin
            .withDeadlineAfter(5, TimeUnit.SECONDS)
            .allocate(AllocateRequest.getDefaultInstance());
        scratch(catalogue);
      }
    } catch (StatusRuntimeException e) {
      LOG.warn(
          "warming up at {} failed, the first allocation will be slow: {}", socket, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      channel.shutdownNow();
    }
  }

  private static void scratch(Catalogue catalogue) throws InterruptedException {
    Patience none = new Patience(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    AllocationBook book = new AllocationBook(none, System::nanoTime);
    book.offer(catalogue);
    for (ResourceName resource : catalogue.resources()) {
      List<DeviceId> all = catalogue.devices(resource).stream().map(Catalogue.Device::id).toList();
      Choice choice = book.prefer(new Ask(resource, all, List.of(), 1));
      book.allocate(resource, choice.devices().stream().map(DeviceId::text).toList());
    }
  }
}
