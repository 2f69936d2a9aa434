package dev.lamella.extender;

import dev.lamella.extender.access.ClusterGuard;
import dev.lamella.extender.access.Guard;
import dev.lamella.extender.certificates.CertificateKeeper;
import dev.lamella.extender.config.ExtenderConfig;
import dev.lamella.extender.config.ExtenderFlags;
import dev.lamella.extender.config.WrongInput;
import dev.lamella.extender.decide.Binder;
import dev.lamella.extender.decide.LedgerOwner;
import dev.lamella.extender.decide.Upkeep;
import dev.lamella.extender.decide.Verbs;
import dev.lamella.extender.http.Endpoint;
import dev.lamella.extender.http.ExtenderMetrics;
import dev.lamella.extender.http.ExtenderServer;
import dev.lamella.extender.http.StatusEndpoints;
import dev.lamella.extender.http.VerbEndpoints;
import dev.lamella.extender.kube.AccessReviews;
import dev.lamella.extender.kube.ClusterWatch;
import dev.lamella.extender.kube.Disruptions;
import dev.lamella.extender.kube.KubeApi;
import dev.lamella.extender.kube.PodBinder;
import dev.lamella.extender.kube.PodWriter;
import dev.lamella.extender.kube.TenantFaults;
import dev.lamella.extender.kube.TenantWriter;
import dev.lamella.extender.tls.KeyPem;
import dev.lamella.extender.tls.KeyPemFiles;
import dev.lamella.extender.webhook.MutateEndpoint;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running program. Several can run in one JVM. */
public final class SchedulerExtender implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SchedulerExtender.class);

  /** Somebody waits for the answer. */
  private static final Duration GUARD_DEADLINE = Duration.ofSeconds(2);

  private final KubeApi api;
  private final LedgerOwner owner;
  private final ClusterWatch watch;
  private final Binder binder;
  private final Upkeep upkeep;
  private final Optional<CertificateKeeper> certificates;
  private final Duration drainTime;
  private volatile ExtenderServer server;
  private volatile boolean draining;

  private SchedulerExtender(ExtenderFlags flags, ExtenderConfig config, KubeApi api) {
    this.api = api;
    this.drainTime = Duration.ofSeconds(config.limits().drainSeconds());
    this.owner = new LedgerOwner();
    Disruptions disruptions = new Disruptions();
    TenantFaults faults = new TenantFaults();
    this.watch = ClusterWatch.start(api, owner::accept, disruptions, faults);
    Verbs verbs = new Verbs(owner, config.policy(), Clock.systemUTC());
    this.binder = new Binder(owner, new PodBinder(api), config.policy(), Clock.systemUTC());
    ExtenderMetrics metrics = new ExtenderMetrics(owner::snapshot);
    Guard guard =
        new ClusterGuard(
            config.access(), new AccessReviews(api, GUARD_DEADLINE), Clock.systemUTC());
    this.certificates =
        config.certificates().kept()
            ? Optional.of(CertificateKeeper.start(api, config.certificates(), Clock.systemUTC()))
            : Optional.empty();
    this.server =
        ExtenderServer.start(
            flags.listen(),
            config,
            endpoints(config, verbs, metrics),
            ExtenderServer.Surroundings.of(guard, keys(config), metrics.registry()));
    this.upkeep =
        Upkeep.start(
            owner,
            verbs,
            new PodWriter(api),
            disruptions,
            new TenantWriter(api),
            faults,
            watch::synced,
            Clock.systemUTC());
  }

  /** Its own keys, else those of files. */
  private Optional<Supplier<KeyPem>> keys(ExtenderConfig config) {
    Optional<Supplier<KeyPem>> own = certificates.map(keeper -> keeper);
    return own.or(
        () ->
            Optional.ofNullable(config.tls())
                .map(
                    tls -> new KeyPemFiles(tls.certificate(), tls.key(), tls.clientAuthorities())));
  }

  private List<Endpoint> endpoints(ExtenderConfig config, Verbs verbs, ExtenderMetrics metrics) {
    List<Endpoint> all = new ArrayList<>();
    all.addAll(new VerbEndpoints(verbs, binder, watch::synced, config.limits(), metrics).all());
    all.add(
        new MutateEndpoint(
            namespace -> owner.snapshot().tenants().of(namespace),
            watch::tenantsSynced,
            config.webhook(),
            metrics.registry()));
    all.addAll(new StatusEndpoints(this::ready, metrics.registry(), this::details).all());
    return all;
  }

  private List<String> details() {
    ExtenderServer running = server;
    List<String> details = new ArrayList<>();
    if (draining) {
      details.add("it was told to stop");
    }
    if (running != null) {
      running.tlsTrouble().ifPresent(why -> details.add("tls: the old keys are in use: " + why));
    }
    return details;
  }

  /**
   * Starts the program with the flags of its command line.
   *
   * @throws WrongInput if they cannot be used
   */
  public static SchedulerExtender start(String... args) {
    return start(
        ExtenderFlags.parse(args)
            .orElseThrow(() -> new IllegalArgumentException("--help starts nothing")));
  }

  static SchedulerExtender start(ExtenderFlags flags) {
    ExtenderConfig config = flags.config();
    try {
      return new SchedulerExtender(flags, config, KubeApi.open(flags.kubeconfig()));
    } catch (IOException e) {
      throw new WrongInput(
          "--kubeconfig: "
              + flags.kubeconfig().map(file -> file + ": ").orElse("no service account: ")
              + e.getMessage(),
          e);
    }
  }

  /** Where it serves. */
  public URI uri() {
    return server.uri();
  }

  /** Whether it has seen the whole cluster and answers. */
  public boolean ready() {
    return watch.synced() && !draining;
  }

  /**
   * Says that it is not ready from now on, and answers all the same for as long as it takes until
   * nobody sends requests here any more ({@code limits.drainSeconds}).
   */
  void drain() throws InterruptedException {
    draining = true;
    LOG.info("stopping: not ready from now on");
    Thread.sleep(drainTime.toMillis());
  }

  /** Stops: no new requests, those under way are answered. */
  @Override
  public void close() {
    server.close();
    certificates.ifPresent(CertificateKeeper::close);
    upkeep.close();
    binder.close();
    watch.close();
    owner.close();
    api.close();
  }
}
