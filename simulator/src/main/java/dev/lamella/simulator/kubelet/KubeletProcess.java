package dev.lamella.simulator.kubelet;

import dev.lamella.simulator.kube.KubeClient;
import io.grpc.Server;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedIndexInformer;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.models.V1Pod;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One life of a kubelet, from its start to its end. */
final class KubeletProcess implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KubeletProcess.class);
  private static final long TICK_MILLIS = 50;
  private static final long CLOSE_MILLIS = 5000;
  private static final int POD_RESOURCES_PER_SECOND = 100;
  private static final int POD_RESOURCES_BURST = 10;

  private final String node;
  private final KubeletOptions options;
  private final Path plugins;
  private final Path podResources;
  private final Clock clock;
  private final DeviceManager devices;
  private final DeviceAllocator allocator;
  private final KubeClient kube;
  private final NodeAgent agent;
  private final StatusWriter statuses;
  private final PodLoop pods;
  private final SharedIndexInformer<V1Pod> bound;
  private final Semaphore changed = new Semaphore(0);
  private final Thread loop;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final boolean firstStart;
  private volatile boolean closed;

  KubeletProcess(URI api, String node, Path directory, KubeletOptions options, Clock clock)
      throws IOException {
    this.node = node;
    this.options = options;
    this.clock = clock;
    plugins = Files.createDirectories(directory.resolve("device-plugins"));
    podResources = Files.createDirectories(directory.resolve("pod-resources"));
    Path checkpoint = plugins.resolve("kubelet_internal_checkpoint");
    firstStart = !Files.exists(checkpoint);
    devices = new DeviceManager(new CheckpointFile(checkpoint), clock, options.pluginGrace());
    allocator = new DeviceAllocator(devices, this::activeUids, new Random(options.seed()));
    kube = KubeClient.of(api, "kubelet-" + node);
    NodeShape shape = new NodeShape(node, options);
    agent = new NodeAgent(kube, shape, devices, options.nodeStatusPeriod(), clock);
    statuses = new StatusWriter(kube, node);
    pods = new PodLoop(this::admit, statuses, options.stopLimit(), clock);
    bound = kube.podsOn(node);
    loop = new Thread(this::run, "kubelet-" + node + "-pods");
    loop.setDaemon(true);
  }

  void start() throws IOException, ApiException {
    removeSockets(plugins);
    removeSockets(podResources);
    opened.push(kube);
    UnixSockets sockets = new UnixSockets("kubelet-" + node);
    opened.push(sockets);
    RegistrationService registration =
        new RegistrationService(sockets, plugins, devices, options.dialTimeout());
    serve(sockets.serve(plugins.resolve("kubelet.sock"), registration));
    opened.push(registration);
    serve(
        sockets.serve(
            podResources.resolve("kubelet.sock"),
            new PodResourcesService(
                devices, () -> pods.active().stream().map(PodReading::active).toList()),
            new RateLimit(clock, POD_RESOURCES_PER_SECOND, POD_RESOURCES_BURST)));
    agent.start(firstStart);
    opened.push(agent);
    statuses.start();
    opened.push(statuses);
    bound.addEventHandler(new Wake());
    kube.startWatching();
    loop.start();
  }

  private void serve(Server server) {
    opened.push(
        () -> {
          server.shutdownNow();
          server.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        });
  }

  private static void removeSockets(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        BasicFileAttributes attributes =
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isOther()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  DeviceManager devices() {
    return devices;
  }

  private SortedSet<String> activeUids() {
    SortedSet<String> uids = new TreeSet<>();
    pods.active().forEach(pod -> uids.add(PodReading.uid(pod)));
    return uids;
  }

  /** Devices first, then the count, which sees what was just allocated: the kubelet's order. */
  private void admit(V1Pod pod, Collection<V1Pod> others) throws AdmissionException {
    allocator.allocate(PodReading.need(pod));
    new ResourceCheck(agent.allocatable(), devices.heldCounts(PodReading.uid(pod)))
        .check(pod, others);
  }

  private void run() {
    try {
      while (!closed) {
        changed.tryAcquire(TICK_MILLIS, TimeUnit.MILLISECONDS);
        changed.drainPermits();
        if (bound.hasSynced()) {
          pods.sync(bound.getIndexer().list());
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("pod loop of {} ended", node);
    }
  }

  /** Ends everything in the reverse order; a call to a plugin that hangs is cut off. */
  @Override
  public void close() {
    closed = true;
    pods.close();
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        LOG.warn("a part of kubelet {} did not close", node, e);
      }
    }
    loop.interrupt();
    try {
      loop.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Any change of a pod is a reason to look again. */
  private final class Wake implements ResourceEventHandler<V1Pod> {
    @Override
    public void onAdd(V1Pod pod) {
      changed.release();
    }

    @Override
    public void onUpdate(V1Pod before, V1Pod after) {
      changed.release();
    }

    @Override
    public void onDelete(V1Pod pod, boolean unknown) {
      changed.release();
    }
  }
}
