package dev.lamella.deviceplugin.kubelet;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.unix.DomainSocketAddress;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** gRPC over unix sockets: servers and clients on one small set of threads. */
public final class UnixSockets implements AutoCloseable {

  /** The kubelet asks one question at a time; the rest is for a second kubelet connection. */
  private static final int CALL_THREADS = 4;

  /** What clients of pod-resources commonly allow: 16 MiB. */
  private static final int MAX_MESSAGE = 16 * 1024 * 1024;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("kubelet-io", true), EpollIoHandler.newFactory());
  private final ExecutorService calls;

  public UnixSockets() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            CALL_THREADS,
            CALL_THREADS,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new DefaultThreadFactory("kubelet-call", true));
    pool.allowCoreThreadTimeOut(true);
    calls = pool;
  }

  /**
   * Serves at a socket that does not exist yet.
   *
   * @throws IOException if it cannot be bound; paths are limited to 107 bytes
   */
  Server serve(Path socket, BindableService service) throws IOException {
    return NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
        .channelType(EpollServerDomainSocketChannel.class)
        .bossEventLoopGroup(loops)
        .workerEventLoopGroup(loops)
        .executor(calls)
        .addService(service)
        .build()
        .start();
  }

  /** A client, connected at its first call; the caller shuts it down. */
  ManagedChannel dial(Path socket) {
    return NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
        .channelType(EpollDomainSocketChannel.class)
        .eventLoopGroup(loops)
        .executor(calls)
        .overrideAuthority("localhost")
        .maxInboundMessageSize(MAX_MESSAGE)
        .usePlaintext()
        .build();
  }

  @Override
  public void close() {
    calls.shutdownNow();
    loops.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS);
  }
}
