package dev.lamella.deviceplugin.kubelet;

import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.AllocationBook;
import dev.lamella.deviceplugin.allocation.Catalogue;
import dev.lamella.deviceplugin.container.Injector;
import io.grpc.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** One pool, served at a socket of its own. Owned by the session's thread. */
final class Pool {

  /** How long a kubelet may take from registration to ListAndWatch before we register again. */
  private static final long STREAM_GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final ResourceName resource;
  private final Path socket;
  private final DeviceStreams streams;
  private final Server server;
  private boolean registered;
  private long lastStreaming;

  private Pool(ResourceName resource, Path socket, DeviceStreams streams, Server server) {
    this.resource = resource;
    this.socket = socket;
    this.streams = streams;
    this.server = server;
  }

  /** What a pool is made of, the same for all. */
  record Parts(
      UnixSockets sockets,
      AllocationBook book,
      Injector injector,
      KubeletEvents events,
      Runnable onStreams) {}

  static Pool serve(ResourceName resource, Path socket, Parts parts) throws IOException {
    DeviceStreams streams = new DeviceStreams(parts.onStreams());
    PluginService service = new PluginService(resource, parts, streams);
    return new Pool(resource, socket, streams, parts.sockets().serve(socket, service));
  }

  ResourceName resource() {
    return resource;
  }

  Path socket() {
    return socket;
  }

  /** Whether the kubelet can still dial us: its restart removes every socket in the folder. */
  boolean reachable() {
    return Files.exists(socket);
  }

  boolean registered() {
    return registered;
  }

  /** The kubelet took the registration (it may not have called ListAndWatch yet). */
  void registered(boolean accepted, long now) {
    registered = accepted;
    lastStreaming = now;
  }

  /** A kubelet that has ended our stream does not dial again: only a new registration helps. */
  boolean lost(long now) {
    if (streams.any()) {
      lastStreaming = now;
    }
    return registered && now - lastStreaming > STREAM_GRACE_NANOS;
  }

  boolean streaming() {
    return streams.any();
  }

  /** The kubelet has ended its watch: to it no device is healthy. */
  boolean cutOff() {
    return streams.cutOff();
  }

  void send(Catalogue catalogue) {
    streams.send(Protocol.snapshot(catalogue.devices(resource)));
  }

  /** Ends the stream and takes no more calls; does not wait. */
  void shutDown() {
    streams.end();
    server.shutdown();
  }

  /** Ends the server and removes its socket; calls under way have until a deadline. */
  void end(long deadline) {
    shutDown();
    try {
      long left = Math.max(0, deadline - System.nanoTime());
      if (!server.awaitTermination(left, TimeUnit.NANOSECONDS)) {
        server.shutdownNow();
        server.awaitTermination(100, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
