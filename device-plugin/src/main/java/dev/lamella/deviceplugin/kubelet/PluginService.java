package dev.lamella.deviceplugin.kubelet;

import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.AllocationBook;
import dev.lamella.deviceplugin.allocation.Ask;
import dev.lamella.deviceplugin.allocation.Choice;
import dev.lamella.deviceplugin.allocation.Verdict;
import dev.lamella.deviceplugin.allocation.Verdict.Refused;
import dev.lamella.deviceplugin.container.Injector;
import dev.lamella.proto.deviceplugin.v1beta1.AllocateRequest;
import dev.lamella.proto.deviceplugin.v1beta1.AllocateResponse;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerAllocateRequest;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerPreferredAllocationResponse;
import dev.lamella.proto.deviceplugin.v1beta1.DevicePluginGrpc;
import dev.lamella.proto.deviceplugin.v1beta1.DevicePluginOptions;
import dev.lamella.proto.deviceplugin.v1beta1.Empty;
import dev.lamella.proto.deviceplugin.v1beta1.ListAndWatchResponse;
import dev.lamella.proto.deviceplugin.v1beta1.PreStartContainerRequest;
import dev.lamella.proto.deviceplugin.v1beta1.PreStartContainerResponse;
import dev.lamella.proto.deviceplugin.v1beta1.PreferredAllocationRequest;
import dev.lamella.proto.deviceplugin.v1beta1.PreferredAllocationResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pool as the kubelet sees it. Everything is answered from the book: neither NVML nor the API
 * server nor the kubelet is called from inside a call of the kubelet.
 */
final class PluginService extends DevicePluginGrpc.DevicePluginImplBase {

  private static final Logger LOG = LoggerFactory.getLogger(PluginService.class);

  private final ResourceName resource;
  private final AllocationBook book;
  private final DeviceStreams streams;
  private final Injector injector;
  private final KubeletEvents events;

  PluginService(ResourceName resource, Pool.Parts parts, DeviceStreams streams) {
    this.resource = resource;
    this.book = parts.book();
    this.injector = parts.injector();
    this.events = parts.events();
    this.streams = streams;
  }

  @Override
  public void getDevicePluginOptions(Empty request, StreamObserver<DevicePluginOptions> out) {
    out.onNext(DevicePluginOptions.newBuilder().setGetPreferredAllocationAvailable(true).build());
    out.onCompleted();
  }

  @Override
  public void listAndWatch(Empty request, StreamObserver<ListAndWatchResponse> out) {
    streams.open((ServerCallStreamObserver<ListAndWatchResponse>) out);
  }

  @Override
  public void getPreferredAllocation(
      PreferredAllocationRequest request, StreamObserver<PreferredAllocationResponse> out) {
    PreferredAllocationResponse.Builder response = PreferredAllocationResponse.newBuilder();
    answer(
        new Call("preferred_allocation", request.getContainerRequestsCount()),
        out,
        () -> {
          // Every question is read before the first is answered: a wrong one changes nothing.
          List<Ask> asks = new ArrayList<>();
          request.getContainerRequestsList().forEach(one -> asks.add(Protocol.ask(resource, one)));
          for (Ask ask : asks) {
            response.addContainerResponses(prefer(ask));
          }
          return response.build();
        });
  }

  @Override
  public void allocate(AllocateRequest request, StreamObserver<AllocateResponse> out) {
    AllocateResponse.Builder response = AllocateResponse.newBuilder();
    answer(
        new Call("allocate", request.getContainerRequestsCount()),
        out,
        () -> {
          handOut(request.getContainerRequestsList());
          for (ContainerAllocateRequest one : request.getContainerRequestsList()) {
            List<String> slices = Protocol.slices(one.getDevicesIdsList());
            response.addContainerResponses(Protocol.response(injector.inject(slices)));
          }
          return response.build();
        });
  }

  @Override
  public void preStartContainer(
      PreStartContainerRequest request, StreamObserver<PreStartContainerResponse> out) {
    out.onNext(PreStartContainerResponse.getDefaultInstance());
    out.onCompleted();
  }

  private ContainerPreferredAllocationResponse prefer(Ask ask) throws InterruptedException {
    Choice choice = book.prefer(ask);
    events.preferred(resource, choice);
    ContainerPreferredAllocationResponse.Builder response =
        ContainerPreferredAllocationResponse.newBuilder();
    choice.devices().forEach(device -> response.addDeviceIDs(device.text()));
    return response.build();
  }

  /** All containers of a request get their devices, or none does. */
  private void handOut(List<ContainerAllocateRequest> containers) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    boolean forNothing = false;
    for (ContainerAllocateRequest one : containers) {
      forNothing |= one.getDevicesIdsCount() == 0;
      ids.addAll(one.getDevicesIdsList());
    }
    if (containers.isEmpty()) {
      return;
    }
    Verdict verdict = book.allocate(resource, forNothing ? List.of() : ids);
    events.allocated(resource, verdict);
    if (verdict instanceof Refused refused) {
      LOG.warn(
          "refused {} devices of {}: {}{}",
          ids.size(),
          resource,
          refused.detail(),
          refused.holder().isEmpty() ? "" : " (it is " + refused.holder() + ")");
      throw Protocol.status(refused.reason())
          .withDescription(refused.detail())
          .asRuntimeException();
    }
  }

  /** A call of the kubelet, and for how many containers it asks. */
  private record Call(String name, int containers) {}

  @FunctionalInterface
  private interface Answer<T> {
    T get() throws InterruptedException;
  }

  private <T> void answer(Call call, StreamObserver<T> out, Answer<T> answer) {
    long started = System.nanoTime();
    try {
      out.onNext(answer.get());
      out.onCompleted();
    } catch (StatusRuntimeException e) {
      out.onError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      out.onError(Status.UNAVAILABLE.withDescription("the daemon stops").asRuntimeException());
    } catch (RuntimeException e) {
      LOG.error("a call for {} failed", resource, e);
      out.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
    } finally {
      // Only our own warm-up asks for nothing.
      if (call.containers() > 0) {
        events.answered(call.name(), resource, System.nanoTime() - started);
      }
    }
  }
}
