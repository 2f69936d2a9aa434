package dev.lamella.extender;

import dev.lamella.core.ledger.Snapshot;
import dev.lamella.extender.access.ClusterGuard;
import dev.lamella.extender.access.Guard;
import dev.lamella.extender.certificates.CertificateKeeper;
import dev.lamella.extender.config.ExtenderConfig;
import dev.lamella.extender.config.ExtenderFlags;
import dev.lamella.extender.config.WrongInput;
import dev.lamella.extender.decide.Binder;
import dev.lamella.extender.decide.ClusterAccounts;
import dev.lamella.extender.decide.Fence;
import dev.lamella.extender.decide.LedgerOwner;
import dev.lamella.extender.decide.PodEvents;
import dev.lamella.extender.decide.Upkeep;
import dev.lamella.extender.decide.Verbs;
import dev.lamella.extender.explain.ExplainEndpoints;
import dev.lamella.extender.explain.GuardedViewers;
import dev.lamella.extender.explain.Viewers;
import dev.lamella.extender.http.Endpoint;
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
import dev.lamella.extender.leader.Gate;
import dev.lamella.extender.leader.Leadership;
import dev.lamella.extender.leader.Mandate;
import dev.lamella.extender.leader.Replicas;
import dev.lamella.extender.metrics.ExtenderMetrics;
import dev.lamella.extender.metrics.Ticking;
import dev.lamella.extender.page.PageEndpoints;
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
  private final PodEvents events;
  private final Gate gate;
  private final Optional<Leadership> leadership;
  private final Ticking ticking;
  private final PageEndpoints page;

  private SchedulerExtender(ExtenderFlags flags, ExtenderConfig config, KubeApi api) {
    this.api = api;
    this.drainTime = Duration.ofSeconds(config.limits().drainSeconds());
    this.owner = new LedgerOwner();
    Clock clock = Clock.systemUTC();
    Disruptions disruptions = new Disruptions();
    TenantFaults faults = new TenantFaults();
    this.watch =
        ClusterWatch.start(
            api, owner::accept, disruptions, faults, config.staleness().limit(), System::nanoTime);
    Verbs verbs = new Verbs(owner, config.policy(), clock);
    PodBinder pods = new PodBinder(api);
    this.events = new PodEvents(new PodWriter(api), clock);
    this.leadership =
        config.leader().elect() ? Optional.of(compete(flags, config)) : Optional.empty();
    Mandate mandate = leadership.<Mandate>map(l -> l).orElse(Mandate.ALWAYS);
    this.gate = new Gate(mandate, watch);
    this.binder =
        new Binder(owner, pods, config.policy(), clock, mandate::remainingMillis, events::assigned);
    ExtenderMetrics metrics = metrics(verbs);
    this.ticking = Ticking.start(metrics.accounting(), owner::snapshot, watch::current);
    Guard guard = new ClusterGuard(config.access(), new AccessReviews(api, GUARD_DEADLINE), clock);
    this.certificates =
        config.certificates().kept()
            ? Optional.of(CertificateKeeper.start(api, config.certificates(), clock))
            : Optional.empty();
    ClusterAccounts accounts =
        new ClusterAccounts(owner, verbs, disruptions::budgets, config.policy(), clock);
    Viewers viewers = new GuardedViewers(guard);
    String epoch = Long.toHexString(clock.millis());
    this.page = new PageEndpoints(accounts, viewers, watch::synced, config.page(), epoch);
    this.server =
        ExtenderServer.start(
            flags.listen(),
            config,
            endpoints(config, verbs, metrics, accounts, viewers),
            ExtenderServer.Surroundings.of(guard, keys(config), metrics.registry()));
    this.upkeep =
        Upkeep.start(
            owner,
            verbs,
            new PodWriter(api),
            events,
            disruptions,
            new TenantWriter(api),
            faults,
            gate::open,
            clock,
            metrics);
  }

  private ExtenderMetrics metrics(Verbs verbs) {
    return new ExtenderMetrics(
        new ExtenderMetrics.Sources(
            owner::snapshot,
            verbs::blocked,
            watch::current,
            gate::open,
            watch::ages,
            Clock.systemUTC()));
  }

  private Leadership compete(ExtenderFlags flags, ExtenderConfig config) {
    Clock clock = Clock.systemUTC();
    return Replicas.compete(
        api,
        flags.podNamespace(),
        flags.podName(),
        config.leader().lease(),
        config.leader().leaseSeconds(),
        watch,
        new Fence(owner, new PodBinder(api), clock),
        clock);
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

  private List<Endpoint> endpoints(
      ExtenderConfig config,
      Verbs verbs,
      ExtenderMetrics metrics,
      ClusterAccounts accounts,
      Viewers viewers) {
    List<Endpoint> all = new ArrayList<>();
    new VerbEndpoints(verbs, binder, watch::synced, config.limits(), metrics)
        .all()
        .forEach(verb -> all.add(gate.before(verb)));
    all.add(
        new MutateEndpoint(
            namespace -> owner.snapshot().tenants().of(namespace),
            watch::tenantsSynced,
            config.webhook(),
            metrics.registry()));
    all.addAll(new ExplainEndpoints(accounts, viewers, watch::synced).all());
    all.addAll(page.all());
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
      return new SchedulerExtender(
          flags, config, KubeApi.open(flags.kubeconfig(), flags.podName()));
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

  /** Whether it has seen the whole cluster, and lately enough to decide. */
  public boolean ready() {
    return watch.current() && !draining;
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

  /** Whether this replica decides. */
  public boolean leading() {
    return gate.open();
  }

  /** The ledger as it stands. */
  public Snapshot snapshot() {
    return owner.snapshot();
  }

  /** Stops: no new requests, those under way are answered. */
  @Override
  public void close() {
    page.close();
    server.close();
    certificates.ifPresent(CertificateKeeper::close);
    upkeep.close();
    events.close();
    ticking.close();
    binder.close();
    leadership.ifPresent(Leadership::close);
    watch.close();
    owner.close();
    api.close();
  }
}
