package dev.lamella.deviceplugin;

import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.PodName;
import dev.lamella.deviceplugin.api.ApiServer;
import dev.lamella.deviceplugin.api.GpuNodeObject;
import dev.lamella.deviceplugin.api.NodeEvents;
import dev.lamella.deviceplugin.api.NodeLabels;
import dev.lamella.deviceplugin.api.NodeObject;
import dev.lamella.deviceplugin.api.PodWatch;
import dev.lamella.deviceplugin.cli.Options;
import dev.lamella.deviceplugin.config.SettingsSource;
import dev.lamella.deviceplugin.report.Labels;
import dev.lamella.deviceplugin.report.Publisher;
import dev.lamella.deviceplugin.report.Report;
import dev.lamella.deviceplugin.report.Statement;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon's dealings with the API server. A daemon that stands alone has none: everything asked
 * here is then left undone.
 */
final class Cluster {

  private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

  /** How long the start waits for the Node's labels. */
  private static final Duration LABELS = Duration.ofSeconds(5);

  private static final Duration LAST_REPORT = Duration.ofSeconds(2);

  private final Optional<ApiServer> api;
  private final String node;
  private final Bell bell;
  private final Opened opened;
  private Optional<NodeEvents> events = Optional.empty();
  private Optional<Publisher> publisher = Optional.empty();
  private volatile NodeCheck check;

  private Cluster(Optional<ApiServer> api, String node, Bell bell, Opened opened) {
    this.api = api;
    this.node = node;
    this.bell = bell;
    this.opened = opened;
  }

  /**
   * @param bell rings what is started here
   * @param opened where it is put, to be closed
   * @throws IOException if the credentials cannot be read
   */
  static Cluster connect(Options options, Bell bell, Opened opened) throws IOException {
    if (options.standalone()) {
      return new Cluster(Optional.empty(), "", bell, opened);
    }
    ApiServer api = opened.add(ApiServer.connect(options.kubeconfig().orElse(null)));
    return new Cluster(Optional.of(api), options.nodeName().orElseThrow(), bell, opened);
  }

  /** The Node's labels, if the configuration asks for them: waited for within a limit. */
  Map<String, String> labels(SettingsSource source) {
    if (api.isEmpty() || !source.parse(source.text()).selectsByLabels()) {
      return Map.of();
    }
    NodeObject object = new NodeObject(api.get(), node);
    long deadline = System.nanoTime() + LABELS.toNanos();
    while (true) {
      try {
        return object.read().labels();
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

  /** From now on events can be written. */
  void startEvents() {
    events = api.map(server -> opened.add(NodeEvents.start(server, node, Clock.systemUTC())));
  }

  /** Writes an event of the Node. */
  void sayOfNode(boolean warning, String reason, String message) {
    events.ifPresent(log -> log.say(warning, reason, message));
  }

  /** Writes an event of a pod. */
  void sayOfPod(PodName pod, String uid, String reason, String message) {
    events.ifPresent(log -> log.sayOfPod(pod, uid, reason, message));
  }

  /**
   * Watches the node's pods.
   *
   * @return how far the watch has come; empty without one
   */
  Supplier<String> watchPods(PodEvents pods) {
    return api.<Supplier<String>>map(
            server -> opened.add(PodWatch.start(server, node, pods))::resourceVersion)
        .orElse(() -> "");
  }

  /**
   * Reports, and labels the Node.
   *
   * @param onCordoned told which GPUs and slices the operator keeps new pods away from
   * @param labels none to leave them alone
   */
  void report(
      Supplier<Report> report,
      Consumer<Set<String>> onCordoned,
      Supplier<Optional<Map<String, String>>> labels) {
    api.ifPresent(
        server -> {
          GpuNodeObject object = new GpuNodeObject(server, node, onCordoned);
          Publisher started =
              opened.add(
                  Publisher.start(report, said -> object.write(said.status(), said.asked())));
          publisher = Optional.of(started);
          bell.publishWith(started::changed);
          bell.labelWith(opened.add(NodeLabels.start(server, node, labels, Labels::ours))::changed);
        });
  }

  /** Compares what is advertised with what the Node shows. */
  void check(
      Supplier<Map<ResourceName, Integer>> advertised,
      Consumer<Collection<ResourceName>> registerAgain,
      Consumer<NodeObject.Seen> onRead) {
    api.ifPresent(
        server -> {
          NodeObject object = new NodeObject(server, node);
          check =
              opened.add(
                  NodeCheck.start(
                      object::read, advertised, registerAgain, onRead, NodeCheck.Pace.OF_KUBELET));
          bell.checkWith(check::changed);
        });
  }

  /** What the report says of the Node; empty before it is compared. */
  Optional<Statement> statement() {
    return Optional.ofNullable(check)
        .map(
            known ->
                Statement.unless(known.problem(), "AllocatableAgrees", "Agrees", "NodeShowsOther"));
  }

  /** Reports for the last time, in a time that is bounded. */
  void lastReport() {
    publisher.ifPresent(last -> last.finish(LAST_REPORT));
    publisher = Optional.empty();
  }
}
