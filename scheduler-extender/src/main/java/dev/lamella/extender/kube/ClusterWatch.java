package dev.lamella.extender.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.api.LamellaApi;
import dev.lamella.core.ledger.Event;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that the ledger is folded from, as events: pods, nodes, GpuNodes, tenants. */
public final class ClusterWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);
  private static final String LAMELLA = "/apis/" + LamellaApi.GROUP + "/" + LamellaApi.VERSION;

  private final List<Reflector<?>> reflectors;

  private ClusterWatch(List<Reflector<?>> reflectors) {
    this.reflectors = reflectors;
  }

  /**
   * Starts to watch.
   *
   * @param events receives every event, from several threads
   * @param disruptions is kept up with PodDisruptionBudgets and whom they cover
   * @param faults is kept up with tenants that cannot be read
   */
  public static ClusterWatch start(
      KubeApi api, Consumer<Event> events, Disruptions disruptions, TenantFaults faults) {
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
                    events),
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
                    events),
                tenants(api, events, faults),
                reflector(
                    api,
                    LAMELLA + "/" + LamellaApi.GPU_NODES,
                    GpuNodeJson.class,
                    "name",
                    gpuNode -> Optional.of(new Event.GpuNodeSeen(gpuNode.fact())),
                    Event.GpuNodeGone::new,
                    events),
                pods(api, events, disruptions),
                budgets(api, disruptions)));
    watch.reflectors.forEach(Reflector::start);
    return watch;
  }

  /** A tenant that cannot be read any more is as good as gone, and is told so. */
  private static Reflector<TenantJson> tenants(
      KubeApi api, Consumer<Event> events, TenantFaults faults) {
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
        events);
  }

  private static Reflector<PodJson> pods(
      KubeApi api, Consumer<Event> events, Disruptions disruptions) {
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
        events);
  }

  private static Reflector<DisruptionBudgetJson> budgets(KubeApi api, Disruptions disruptions) {
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
        });
  }

  private static <T> Reflector<T> reflector(
      KubeApi api,
      String path,
      Class<T> type,
      String keyField,
      Function<T, Optional<? extends Event>> seen,
      BiFunction<String, Long, Event> gone,
      Consumer<Event> events) {
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
        });
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

  @Override
  public void close() {
    reflectors.forEach(Reflector::close);
  }
}
