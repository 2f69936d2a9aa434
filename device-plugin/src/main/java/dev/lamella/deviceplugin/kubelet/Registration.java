package dev.lamella.deviceplugin.kubelet;

import dev.lamella.proto.deviceplugin.v1beta1.DevicePluginOptions;
import dev.lamella.proto.deviceplugin.v1beta1.RegisterRequest;
import dev.lamella.proto.deviceplugin.v1beta1.RegistrationGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Registers one pool. The kubelet dials back before it answers, for up to 10 s. */
final class Registration {

  private static final String VERSION = "v1beta1";
  private static final long DEADLINE_SECONDS = 15;

  private final UnixSockets sockets;
  private final Path kubeletSocket;

  Registration(UnixSockets sockets, Path kubeletSocket) {
    this.sockets = sockets;
    this.kubeletSocket = kubeletSocket;
  }

  /** Why the kubelet did not take it; empty if it did. */
  Optional<String> register(Pool pool) {
    ManagedChannel channel = sockets.dial(kubeletSocket);
    try {
      RegistrationGrpc.newBlockingStub(channel)
          .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
          .register(
              RegisterRequest.newBuilder()
                  .setVersion(VERSION)
                  .setEndpoint(pool.socket().getFileName().toString())
                  .setResourceName(pool.resource().text())
                  .setOptions(
                      DevicePluginOptions.newBuilder().setGetPreferredAllocationAvailable(true))
                  .build());
      return Optional.empty();
    } catch (StatusRuntimeException e) {
      Status status = e.getStatus();
      return Optional.of(status.getCode() + ": " + status.getDescription());
    } finally {
      channel.shutdownNow();
    }
  }
}
