package dev.lamella.deviceplugin;

import dev.lamella.deviceplugin.allocation.AllocationBook;
import dev.lamella.deviceplugin.allocation.Patience;
import dev.lamella.deviceplugin.api.NodeObject;
import dev.lamella.deviceplugin.cli.Flags;
import dev.lamella.deviceplugin.cli.Options;
import dev.lamella.deviceplugin.config.Settings;
import dev.lamella.deviceplugin.container.Injector;
import dev.lamella.deviceplugin.inventory.DriverLoop;
import dev.lamella.deviceplugin.inventory.NvmlSource;
import dev.lamella.deviceplugin.kubelet.Readings;
import dev.lamella.deviceplugin.kubelet.UnixSockets;
import dev.lamella.deviceplugin.metrics.MetricsServer;
import dev.lamella.deviceplugin.metrics.NodeMetrics;
import dev.lamella.deviceplugin.metrics.Picture;
import dev.lamella.deviceplugin.naming.MigStrategy;
import dev.lamella.deviceplugin.report.Statement;
import dev.lamella.deviceplugin.usage.MeasuredNvml;
import dev.lamella.deviceplugin.usage.Sampler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running node daemon. Nothing of it is static: several may run in one JVM. */
public final class DevicePlugin implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DevicePlugin.class);

  private final Options options;
  private final Opened opened = new Opened();
  private final Bell bell = new Bell();
  private final AllocationBook book;
  private final NodeView view;
  private final Usage usage;
  private final NodeMetrics metrics;
  private final PodEvents podEvents;
  private final UnixSockets sockets = new UnixSockets();
  private final CompletableFuture<Optional<String>> end = new CompletableFuture<>();

  private Cluster cluster;
  private InetSocketAddress metricsAddress;
  private Readings readings;
  private LiveSettings settings;
  private volatile Advertiser advertiser;

  private DevicePlugin(Options options) {
    this.options = options;
    this.book =
        new AllocationBook(
            options.standalone() ? Patience.STANDALONE : Patience.WITH_NEWS, System::nanoTime);
    this.view = new NodeView(book, Clock.systemUTC());
    this.usage = new Usage(book, Clock.systemUTC());
    this.metrics = new NodeMetrics(options.nodeName().orElse(""), this::picture);
    this.podEvents = new PodEvents(book, metrics, bell);
    opened.add(sockets);
  }

  /**
   * Starts the daemon with the flags of the command line. It serves, registers and reports in the
   * background, and goes on trying where it cannot yet.
   *
   * @throws dev.lamella.deviceplugin.config.WrongInput if the flags or a file they name are wrong
   * @throws IOException if the metrics address is taken, or credentials cannot be read
   */
  public static DevicePlugin start(String... args) throws IOException {
    return start(Flags.parse(System.getenv(), args));
  }

  static DevicePlugin start(Options options) throws IOException {
    DevicePlugin plugin = new DevicePlugin(options);
    boolean started = false;
    try {
      plugin.start();
      started = true;
      return plugin;
    } finally {
      if (!started) {
        plugin.close();
      }
    }
  }

  /** Where /metrics, /healthz and /readyz are. */
  public InetSocketAddress metricsAddress() {
    return metricsAddress;
  }

  /**
   * Waits until the daemon ends.
   *
   * @return why it cannot go on; empty if it was closed
   */
  public Optional<String> awaitEnd() throws InterruptedException {
    try {
      return end.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void start() throws IOException {
    metricsAddress =
        opened
            .add(MetricsServer.start(options.metricsAddress(), metrics, view::notReady))
            .address();
    cluster = Cluster.connect(options, bell, opened);
    settings =
        opened.add(
            new LiveSettings(
                options.source(), cluster.labels(options.source()), this::settingsChanged));
    cluster.startEvents();
    Supplier<String> podVersion = cluster.watchPods(podEvents);
    readings =
        opened.add(Readings.start(sockets, options.kubeletDir(), book, podVersion, this::wasRead));
    bell.readWith(readings::somethingHappened);
    view.observed(readings::observedPodResourceVersion);
    view.states(this::statements);
    cluster.report(view::report, this::cordoned, this::nodeLabels);
    KubeletSide kubelet = advertise();
    watchDriver();
    cluster.check(kubelet::advertised, kubelet::registerAgain, this::nodeRead);
    settings.start();
  }

  /** From slices to what the kubelet is offered. */
  private KubeletSide advertise() {
    Injector injector = opened.add(new Injector(options.files(), settings.now().containers()));
    KubeletSide kubelet =
        new KubeletSide(
            options.kubeletDir(),
            sockets,
            book,
            injector,
            new CallEvents(metrics, bell, options.standalone()),
            readings);
    advertiser =
        opened.add(
            new Advertiser(
                new Advertiser.Parts(
                    settings::now,
                    new Terms(book, !options.standalone()),
                    book,
                    injector,
                    view,
                    new HealthNews(metrics, usage, bell, cluster::sayOfNode),
                    Clock.systemUTC()),
                new KnownBefore(options.standalone(), podEvents, readings),
                kubelet,
                this::fail));
    bell.heldWith(advertiser::holdsChanged);
    return kubelet;
  }

  /** From NVML to slices, faults and measurements. */
  private void watchDriver() {
    Settings first = settings.now();
    DriverLoop.Looks looks =
        new DriverLoop.Looks(
            Duration.ofSeconds(first.driver().everySeconds()),
            Duration.ofSeconds(first.driver().deadlineSeconds()),
            first.migStrategy() == MigStrategy.NONE);
    Sampler sampler =
        new Sampler(
            Duration.ofSeconds(first.usage().everySeconds()),
            first.usage().podMemory(),
            options.procRoot(),
            Clock.systemUTC(),
            new UsageNews(usage, view, cluster));
    NvmlSource source = options.nvml();
    NvmlSource measured = () -> MeasuredNvml.of(source.open(), new NvmlCalls(metrics));
    opened.add(
        DriverLoop.start(
            measured, options.procRoot(), options.sysRoot(), looks, advertiser, sampler));
  }

  private void settingsChanged() {
    Advertiser now = advertiser;
    if (now != null) {
      now.settingsChanged();
    }
    bell.slicesChanged();
  }

  private void cordoned(Set<String> uuids) {
    Advertiser now = advertiser;
    if (now != null) {
      now.cordoned(uuids);
    }
    view.cordoned(uuids);
    bell.changed();
  }

  private List<Statement> statements() {
    boolean applied = settings.problem().isEmpty();
    List<Statement> statements = new ArrayList<>();
    statements.add(
        new Statement(NodeView.CONFIGURED, applied, settings.reason(), settings.problem()));
    cluster.statement().ifPresent(statements::add);
    return statements;
  }

  private void nodeRead(NodeObject.Seen seen) {
    settings.labels(seen.labels());
    bell.changed();
  }

  private Picture picture() {
    return usage.picture(view.report().status(), view.inventory());
  }

  private Optional<Map<String, String>> nodeLabels() {
    return settings.now().nodeLabels() ? view.labels() : Optional.empty();
  }

  private void wasRead() {
    for (int news = usage.newMismatches(); news > 0; news--) {
      metrics.mismatched();
    }
    bell.held();
    bell.changed();
  }

  private void fail(String why) {
    LOG.error("{}", why);
    end.complete(Optional.of(why));
  }

  /**
   * Reports that the node no longer serves, and lets pods that were assigned devices already get
   * them; then {@link #close} takes nothing from anybody.
   *
   * @param limit how long at most
   */
  public void drain(Duration limit) {
    view.stopping();
    bell.changed();
    try {
      if (!book.awaitSettled(limit)) {
        LOG.warn("pods of this node still wait for what they were assigned; the daemon stops");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Reports that the node no longer serves, then stops serving and ends every thread; within 5 s.
   */
  @Override
  public synchronized void close() {
    view.stopping();
    if (cluster != null) {
      cluster.lastReport();
    }
    book.close();
    opened.close();
    end.complete(Optional.empty());
  }
}
