package dev.lamella.extender.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.api.LamellaApi;
import dev.lamella.core.ledger.Event;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that the ledger is folded from, as events: pods, nodes, GpuNodes, tenants. */
public final class ClusterWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);
  private static final String LAMELLA = "/apis/" + LamellaApi.GROUP + "/" + LamellaApi.VERSION;

  private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(60);

  /** What no bind depends on: the Eviction API counts budgets itself. */
  private static final Set<String> UNDECISIVE = Set.of("poddisruptionbudgets");

  private final List<Reflector<?>> reflectors;

  private final Duration limit;

  private ClusterWatch(List<Reflector<?>> reflectors, Duration limit) {
    this.reflectors = reflectors;
    this.limit = limit;
  }

  /** Starts to watch, with the limit of staleness that is the default. */
  public static ClusterWatch start(
      KubeApi api, Consumer<Event> events, Disruptions disruptions, TenantFaults faults) {
    return start(api, events, disruptions, faults, DEFAULT_LIMIT, System::nanoTime);
  }

  /**
   * Starts to watch.
   *
   * @param events receives every event, from several threads
   * @param disruptions is kept up with PodDisruptionBudgets and whom they cover
   * @param faults is kept up with tenants that cannot be read
   * @param limit how old what a watch shows may be before nothing is decided on it
   * @param nanos a clock that only goes forward
   */
  public static ClusterWatch start(
      KubeApi api,
      Consumer<Event> events,
      Disruptions disruptions,
      TenantFaults faults,
      Duration limit,
      LongSupplier nanos) {
    WatchTimes times = WatchTimes.within(limit, nanos);
    ClusterWatch watch =
        new ClusterWatch(
            List.of(
                reflector(
                    api,
                    "/api/v1/nodes",
                    NodeJson.class,
                    "name",
                    node -> Optional.of(new Event.NodeSeen(node.fact())),
                    Event.NodeGone::new,
                    events,
                    times),
                reflector(
                    api,
                    "/api/v1/namespaces",
                    NamespaceJson.class,
                    "name",
                    n ->
                        Optional.of(
                            new Event.NamespaceSeen(
                                n.metadata().name(),
                                n.metadata().labels(),
                                n.metadata().version())),
                    Event.NamespaceGone::new,
                    events,
                    times),
                tenants(api, events, faults, times),
                reflector(
                    api,
                    LAMELLA + "/" + LamellaApi.GPU_NODES,
                    GpuNodeJson.class,
                    "name",
                    gpuNode -> Optional.of(new Event.GpuNodeSeen(gpuNode.fact())),
                    Event.GpuNodeGone::new,
                    events,
                    times),
                pods(api, events, disruptions, times),
                budgets(api, disruptions, times)),
            limit);
    watch.reflectors.forEach(Reflector::start);
    return watch;
  }

  /** A tenant that cannot be read any more is as good as gone, and is told so. */
  private static Reflector<TenantJson> tenants(
      KubeApi api, Consumer<Event> events, TenantFaults faults, WatchTimes times) {
    return reflector(
        api,
        LAMELLA + "/" + LamellaApi.TENANTS,
        TenantJson.class,
        "name",
        tenant -> {
          String name = tenant.metadata().name();
          long version = tenant.metadata().version();
          try {
            Event seen = new Event.TenantSeen(tenant.tenant(), version);
            faults.clear(name);
            return Optional.of(seen);
          } catch (IllegalArgumentException e) {
            LOG.warn("tenant {} is not in force: {}", name, e.getMessage());
            faults.put(name, e.getMessage());
            return Optional.of(new Event.TenantGone(name, version));
          }
        },
        (name, version) -> {
          faults.clear(name);
          return new Event.TenantGone(name, version);
        },
        events,
        times);
  }

  private static Reflector<PodJson> pods(
      KubeApi api, Consumer<Event> events, Disruptions disruptions, WatchTimes times) {
    return reflector(
        api,
        "/api/v1/pods",
        PodJson.class,
        "uid",
        pod -> {
          Optional<Event> seen = pod.fact().map(Event.PodSeen::new);
          seen.ifPresent(event -> disruptions.podSeen(pod.metadata()));
          return seen;
        },
        (uid, version) -> {
          disruptions.podGone(uid);
          return new Event.PodGone(uid, version);
        },
        events,
        times);
  }

  private static Reflector<DisruptionBudgetJson> budgets(
      KubeApi api, Disruptions disruptions, WatchTimes times) {
    return new Reflector<>(
        api,
        "/apis/policy/v1/poddisruptionbudgets",
        DisruptionBudgetJson.class,
        metadata -> metadata.path("uid").asText(),
        new Reflector.Sink<>() {
          @Override
          public void seen(DisruptionBudgetJson budget) {
            disruptions.seen(budget);
          }

          @Override
          public void gone(String uid, long version) {
            disruptions.gone(uid);
          }
        },
        times);
  }

  private static <T> Reflector<T> reflector(
      KubeApi api,
      String path,
      Class<T> type,
      String keyField,
      Function<T, Optional<? extends Event>> seen,
      BiFunction<String, Long, Event> gone,
      Consumer<Event> events,
      WatchTimes times) {
    Function<JsonNode, String> key = metadata -> metadata.path(keyField).asText();
    return new Reflector<>(
        api,
        path,
        type,
        key,
        new Reflector.Sink<T>() {
          @Override
          public void seen(T object) {
            seen.apply(object).ifPresent(events);
          }

          @Override
          public void gone(String name, long version) {
            events.accept(gone.apply(name, version));
          }
        },
        times);
  }

  /** Whether every tenant and namespace that existed at the start has been seen. */
  public boolean tenantsSynced() {
    return reflectors.stream()
        .filter(r -> r.watches(TenantJson.class) || r.watches(NamespaceJson.class))
        .allMatch(Reflector::synced);
  }

  /** Whether everything that existed at the start has been seen. */
  public boolean synced() {
    return reflectors.stream().allMatch(Reflector::synced);
  }

  /**
   * How long ago each watch was last certain to have shown everything, by the plural of its kind;
   * grows while one is silent, and falls with every event, bookmark and list.
   */
  public SortedMap<String, Duration> ages() {
    SortedMap<String, Duration> ages = new TreeMap<>();
    reflectors.forEach(r -> ages.put(r.kind(), Duration.ofNanos(r.ageNanos())));
    return ages;
  }

  /** The kinds whose watches are too old to decide on; empty if all is well. */
  public SortedSet<String> stale() {
    SortedSet<String> stale = new TreeSet<>();
    for (Reflector<?> reflector : reflectors) {
      if (!UNDECISIVE.contains(reflector.kind()) && reflector.ageNanos() > limit.toNanos()) {
        stale.add(reflector.kind());
      }
    }
    return stale;
  }

  /** Whether everything has been seen, and lately enough to decide on. */
  public boolean current() {
    return synced() && stale().isEmpty();
  }

  /**
   * Lists everything anew, from the API server's own store, and waits for it: whatever was written
   * before this call has been handed on when it returns.
   *
   * @throws TimeoutException if that takes longer than the time given
   */
  public void relist(Duration within) throws TimeoutException, InterruptedException {
    long end = System.nanoTime() + within.toNanos();
    List<Long> wanted = reflectors.stream().map(Reflector::relist).toList();
    for (int i = 0; i < wanted.size(); i++) {
      reflectors.get(i).awaitListed(wanted.get(i), end);
    }
  }

  @Override
  public void close() {
    reflectors.forEach(Reflector::close);
  }
}
