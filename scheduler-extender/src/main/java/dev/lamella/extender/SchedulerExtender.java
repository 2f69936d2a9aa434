package dev.lamella.extender;

import dev.lamella.extender.config.ExtenderConfig;
import dev.lamella.extender.config.ExtenderFlags;
import dev.lamella.extender.config.WrongInput;
import dev.lamella.extender.decide.Binder;
import dev.lamella.extender.decide.ClusterAccounts;
import dev.lamella.extender.decide.LedgerOwner;
import dev.lamella.extender.decide.Upkeep;
import dev.lamella.extender.decide.Verbs;
import dev.lamella.extender.explain.ExplainEndpoints;
import dev.lamella.extender.explain.Viewers;
import dev.lamella.extender.http.Endpoint;
import dev.lamella.extender.http.ExtenderMetrics;
import dev.lamella.extender.http.ExtenderServer;
import dev.lamella.extender.http.StatusEndpoints;
import dev.lamella.extender.http.VerbEndpoints;
import dev.lamella.extender.kube.ClusterWatch;
import dev.lamella.extender.kube.Disruptions;
import dev.lamella.extender.kube.KubeApi;
import dev.lamella.extender.kube.PodBinder;
import dev.lamella.extender.kube.PodWriter;
import dev.lamella.extender.kube.TenantFaults;
import dev.lamella.extender.kube.TenantWriter;
import dev.lamella.extender.page.PageEndpoints;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** The running program. Several can run in one JVM. */
public final class SchedulerExtender implements AutoCloseable {

  private final KubeApi api;
  private final LedgerOwner owner;
  private final ClusterWatch watch;
  private final Binder binder;
  private final Upkeep upkeep;
  private final PageEndpoints page;
  private final ExtenderServer server;

  private SchedulerExtender(ExtenderFlags flags, ExtenderConfig config, KubeApi api) {
    this.api = api;
    this.owner = new LedgerOwner();
    Disruptions disruptions = new Disruptions();
    TenantFaults faults = new TenantFaults();
    this.watch = ClusterWatch.start(api, owner::accept, disruptions, faults);
    Verbs verbs = new Verbs(owner, config.policy(), Clock.systemUTC());
    this.binder = new Binder(owner, new PodBinder(api), config.policy(), Clock.systemUTC());
    ClusterAccounts accounts =
        new ClusterAccounts(owner, verbs, disruptions::budgets, config.policy(), Clock.systemUTC());
    Viewers viewers = Viewers.EVERYBODY_SEES_ALL;
    String epoch = Long.toHexString(System.currentTimeMillis());
    this.page = new PageEndpoints(accounts, viewers, watch::synced, config.page(), epoch);
    this.server =
        ExtenderServer.start(flags.listen(), config, endpoints(config, verbs, accounts, viewers));
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

  private List<Endpoint> endpoints(
      ExtenderConfig config, Verbs verbs, ClusterAccounts accounts, Viewers viewers) {
    ExtenderMetrics metrics = new ExtenderMetrics(owner::snapshot);
    List<Endpoint> all = new ArrayList<>();
    all.addAll(
        new VerbEndpoints(verbs, binder, watch::synced, config.maxBodyBytes(), metrics).all());
    all.addAll(new ExplainEndpoints(accounts, viewers, watch::synced).all());
    all.addAll(page.all());
    all.addAll(new StatusEndpoints(watch::synced, metrics.registry()).all());
    return all;
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
    return watch.synced();
  }

  /** Stops: no new requests, those under way are answered. */
  @Override
  public void close() {
    page.close();
    server.close();
    upkeep.close();
    binder.close();
    watch.close();
    owner.close();
    api.close();
  }
}
