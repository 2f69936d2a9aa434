package dev.lamella.simulator.kubelet;

import dev.lamella.proto.deviceplugin.v1beta1.Empty;
import dev.lamella.proto.deviceplugin.v1beta1.RegisterRequest;
import dev.lamella.proto.deviceplugin.v1beta1.RegistrationGrpc;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes registrations of device plugins, and calls each back on its own socket. */
final class RegistrationService extends RegistrationGrpc.RegistrationImplBase
    implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RegistrationService.class);
  private static final String VERSION = "v1beta1";

  /** Extended resource names have a domain that is not Kubernetes' own. */
  private static final Pattern EXTENDED =
      Pattern.compile("(?!(?:[^/]*\\.)?kubernetes\\.io/)[a-z0-9.-]+/[A-Za-z0-9._-]{1,63}");

  private final UnixSockets sockets;
  private final Path directory;
  private final DeviceManager devices;
  private final Duration dialTimeout;
  private final Map<String, PluginClient> clients = new TreeMap<>();
  private boolean closed;

  RegistrationService(
      UnixSockets sockets, Path directory, DeviceManager devices, Duration dialTimeout) {
    this.sockets = sockets;
    this.directory = directory;
    this.devices = devices;
    this.dialTimeout = dialTimeout;
  }

  @Override
  public void register(RegisterRequest request, StreamObserver<Empty> observer) {
    try {
      check(request);
      Path socket = directory.resolve(request.getEndpoint());
      PluginClient client = PluginClient.connect(sockets.dial(socket), dialTimeout);
      String resource = request.getResourceName();
      replace(resource, client);
      // The stream outlives this call, and so must not end with its context.
      Context.ROOT.run(
          () ->
              client.listAndWatch(
                  list -> devices.devices(resource, client, list),
                  () -> devices.stopped(resource, client)));
      LOG.info("registered {} at {}", resource, request.getEndpoint());
      observer.onNext(Empty.getDefaultInstance());
      observer.onCompleted();
    } catch (DevicePluginException e) {
      observer.onError(Status.UNKNOWN.withDescription(e.getMessage()).asRuntimeException());
    }
  }

  private static void check(RegisterRequest request) throws DevicePluginException {
    if (!request.getVersion().equals(VERSION)) {
      throw new DevicePluginException(
          "requested API version \"%s\" is not supported by kubelet. Supported version is [\"%s\"]"
              .formatted(request.getVersion(), VERSION));
    }
    if (!EXTENDED.matcher(request.getResourceName()).matches()) {
      throw new DevicePluginException(
          "the ResourceName \"%s\" is invalid".formatted(request.getResourceName()));
    }
    if (request.getEndpoint().isEmpty() || request.getEndpoint().contains("/")) {
      throw new DevicePluginException(
          "the endpoint \"%s\" is no file name in the plugins' folder"
              .formatted(request.getEndpoint()));
    }
  }

  private synchronized void replace(String resource, PluginClient client)
      throws DevicePluginException {
    if (closed) {
      client.close();
      throw new DevicePluginException("kubelet is stopping");
    }
    devices.registered(resource, client);
    PluginClient earlier = clients.put(resource, client);
    if (earlier != null) {
      earlier.close();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    clients.values().forEach(PluginClient::close);
    clients.clear();
  }
}
