package dev.lamella.deviceplugin;

import dev.lamella.deviceplugin.allocation.AllocationBook;
import dev.lamella.deviceplugin.allocation.Catalogue;
import dev.lamella.deviceplugin.allocation.Patience;
import dev.lamella.deviceplugin.api.ApiServer;
import dev.lamella.deviceplugin.api.GpuNodeObject;
import dev.lamella.deviceplugin.api.NodeEvents;
import dev.lamella.deviceplugin.api.NodeLabels;
import dev.lamella.deviceplugin.api.NodeObject;
import dev.lamella.deviceplugin.api.PodWatch;
import dev.lamella.deviceplugin.cli.Flags;
import dev.lamella.deviceplugin.cli.Options;
import dev.lamella.deviceplugin.config.Settings;
import dev.lamella.deviceplugin.config.SettingsSource;
import dev.lamella.deviceplugin.container.Injector;
import dev.lamella.deviceplugin.inventory.DriverLoop;
import dev.lamella.deviceplugin.inventory.NvmlSource;
import dev.lamella.deviceplugin.kubelet.KubeletSession;
import dev.lamella.deviceplugin.kubelet.Readings;
import dev.lamella.deviceplugin.kubelet.UnixSockets;
import dev.lamella.deviceplugin.metrics.MetricsServer;
import dev.lamella.deviceplugin.metrics.NodeMetrics;
import dev.lamella.deviceplugin.metrics.Picture;
import dev.lamella.deviceplugin.naming.MigStrategy;
import dev.lamella.deviceplugin.report.Labels;
import dev.lamella.deviceplugin.report.Publisher;
import dev.lamella.deviceplugin.report.Statement;
import dev.lamella.deviceplugin.usage.MeasuredNvml;
import dev.lamella.deviceplugin.usage.PodUsage;
import dev.lamella.deviceplugin.usage.Sample;
import dev.lamella.deviceplugin.usage.Sampler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running node daemon. Nothing of it is static: several may run in one JVM. */
public final class DevicePlugin implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DevicePlugin.class);

  /** How long the first answer waits for what is held and assigned already to be known. */
  private static final Duration REBUILD = Duration.ofSeconds(5);

  private static final Duration LAST_REPORT = Duration.ofSeconds(2);

  /** How long the start waits for the Node's labels. */
  private static final Duration LABELS = Duration.ofSeconds(5);

  private final Options options;
  private final Bell bell = new Bell();
  private final AllocationBook book;
  private final NodeView view;
  private final Usage usage;
  private final NodeMetrics metrics;
  private final PodEvents podEvents;
  private final UnixSockets sockets = new UnixSockets();
  private final CompletableFuture<Optional<String>> end = new CompletableFuture<>();

  /** What close() closes, the latest first. */
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private Optional<NodeEvents> events = Optional.empty();
  private Runnable lastReport = () -> {};
  private InetSocketAddress metricsAddress;
  private Readings readings;
  private LiveSettings settings;
  private volatile Advertiser advertiser;
  private volatile NodeCheck check;
  private volatile KubeletSession session;

  private DevicePlugin(Options options) {
    this.options = options;
    this.book =
        new AllocationBook(
            options.standalone() ? Patience.STANDALONE : Patience.WITH_NEWS, System::nanoTime);
    this.view = new NodeView(book, Clock.systemUTC());
    this.usage = new Usage(book, Clock.systemUTC());
    this.metrics = new NodeMetrics(options.nodeName().orElse(""), this::picture);
    this.podEvents = new PodEvents(book, metrics, bell);
    opened.push(sockets);
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
        opening(MetricsServer.start(options.metricsAddress(), metrics, view::notReady)).address();
    Optional<ApiServer> api =
        options.standalone()
            ? Optional.empty()
            : Optional.of(opening(ApiServer.connect(options.kubeconfig().orElse(null))));
    settings = opening(new LiveSettings(options.source(), labels(api), this::settingsChanged));
    if (api.isPresent()) {
      String node = options.nodeName().orElseThrow();
      events = Optional.of(opening(NodeEvents.start(api.get(), node, Clock.systemUTC())));
    }
    HealthNews news = new HealthNews(metrics, usage, bell, this::sayOfNode);
    Supplier<String> podVersion = () -> "";
    if (api.isPresent()) {
      String node = options.nodeName().orElseThrow();
      podVersion = opening(PodWatch.start(api.get(), node, podEvents))::resourceVersion;
    }
    readings =
        opening(Readings.start(sockets, options.kubeletDir(), book, podVersion, this::wasRead));
    bell.readWith(readings::somethingHappened);
    view.observed(readings::observedPodResourceVersion);
    view.states(this::statements);
    api.ifPresent(this::report);
    advertise(news);
    api.ifPresent(this::check);
    settings.start();
  }

  /** The Node's labels, if the configuration asks for them: waited for within a limit. */
  private Map<String, String> labels(Optional<ApiServer> api) throws IOException {
    SettingsSource source = options.source();
    if (api.isEmpty() || !source.parse(source.text()).selectsByLabels()) {
      return Map.of();
    }
    NodeObject node = new NodeObject(api.get(), options.nodeName().orElseThrow());
    long deadline = System.nanoTime() + LABELS.toNanos();
    while (true) {
      try {
        return node.read().labels();
      } catch (IOException e) {
        if (System.nanoTime() - deadline > 0) {
          LOG.warn(
              "the Node's labels are not known yet, entries that want some do not hold: {}", e);
          return Map.of();
        }
        LockSupport.parkNanos(LABELS.toNanos() / 20);
      }
    }
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
    NodeCheck known = check;
    if (known != null) {
      statements.add(
          Statement.unless(known.problem(), "AllocatableAgrees", "Agrees", "NodeShowsOther"));
    }
    return statements;
  }

  private void check(ApiServer api) {
    NodeObject node = new NodeObject(api, options.nodeName().orElseThrow());
    check =
        opening(
            NodeCheck.start(
                node::read,
                () -> session == null ? Map.of() : session.advertised(),
                resources -> session.registerAgain(resources),
                seen -> {
                  settings.labels(seen.labels());
                  bell.changed();
                },
                NodeCheck.Pace.OF_KUBELET));
    bell.checkWith(check::changed);
  }

  private void sayOfNode(boolean warning, String reason, String message) {
    events.ifPresent(log -> log.say(warning, reason, message));
  }

  private Picture picture() {
    return usage.picture(view.report().status(), view.inventory());
  }

  private void measured(Sample sample) {
    for (PodUsage over : usage.measured(sample, view.catalogue())) {
      LOG.warn(
          "pod {} uses {} bytes of slice {}, its part is {}",
          over.pod(),
          over.usedBytes(),
          over.slice(),
          over.budgetBytes());
      events.ifPresent(
          log -> log.sayOfPod(over.pod(), over.uid(), "ShareBudgetExceeded", over.sentence()));
    }
  }

  private NvmlSource measuredNvml() {
    NvmlSource source = options.nvml();
    return () -> MeasuredNvml.of(source.open(), new NvmlCalls(metrics));
  }

  private void report(ApiServer api) {
    GpuNodeObject object = new GpuNodeObject(api, options.nodeName().orElseThrow(), this::cordoned);
    Publisher publisher =
        opening(
            Publisher.start(view::report, report -> object.write(report.status(), report.asked())));
    bell.publishWith(publisher::changed);
    String node = options.nodeName().orElseThrow();
    bell.labelWith(opening(NodeLabels.start(api, node, this::nodeLabels, Labels::ours))::changed);
    lastReport = () -> publisher.finish(LAST_REPORT);
  }

  private Optional<Map<String, String>> nodeLabels() {
    return settings.now().nodeLabels() ? view.labels() : Optional.empty();
  }

  private void advertise(HealthNews news) {
    CallEvents calls = new CallEvents(metrics, bell, options.standalone());
    // Older kubelets tell plugins apart by their sockets' names: a new word for each start.
    String name = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    Settings first = settings.now();
    Injector injector = opening(new Injector(options.files(), first.containers()));
    Terms terms = new Terms(book, !options.standalone());
    advertiser =
        opening(
            new Advertiser(
                new Advertiser.Parts(
                    settings::now, terms, book, injector, view, news, Clock.systemUTC()),
                this::rebuilt,
                catalogue -> session(name, injector, calls, catalogue),
                this::fail));
    bell.heldWith(advertiser::holdsChanged);
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
            this::measured);
    opening(
        DriverLoop.start(
            measuredNvml(), options.procRoot(), options.sysRoot(), looks, advertiser, sampler));
  }

  private KubeletSession session(String name, Injector injector, CallEvents calls, Catalogue first)
      throws IOException {
    session =
        KubeletSession.start(
            new KubeletSession.Start(
                options.kubeletDir(), name, sockets, book, injector, calls, first));
    return session;
  }

  private void wasRead() {
    for (int news = usage.newMismatches(); news > 0; news--) {
      metrics.mismatched();
    }
    bell.held();
    bell.changed();
  }

  private void rebuilt() throws InterruptedException {
    if (!options.standalone() && !podEvents.awaitListed(REBUILD)) {
      LOG.warn("this node's pods are not known yet; the kubelet is served without");
    }
    if (!readings.awaitFirst(REBUILD)) {
      LOG.warn("what containers hold is not known yet; the kubelet is served without");
    }
  }

  private void fail(String why) {
    LOG.error("{}", why);
    end.complete(Optional.of(why));
  }

  private <T extends AutoCloseable> T opening(T part) {
    opened.push(part);
    return part;
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
    lastReport.run();
    lastReport = () -> {};
    book.close();
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        LOG.warn("a part did not close cleanly", e);
      }
    }
    end.complete(Optional.empty());
  }
}
