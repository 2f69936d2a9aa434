package dev.lamella.deviceplugin.kubelet;

import dev.lamella.core.inventory.Health;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.AllocationBook;
import dev.lamella.deviceplugin.allocation.Catalogue;
import dev.lamella.deviceplugin.container.Injector;
import dev.lamella.deviceplugin.loop.Backoff;
import dev.lamella.deviceplugin.loop.Loop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves every pool and keeps it registered: with a kubelet that is not there yet, that restarts,
 * that refuses, or that drops a stream. One thread does it all, in the order of {@link #step}.
 */
public final class KubeletSession implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KubeletSession.class);
  private static final Duration SLOW_CHECK = Duration.ofSeconds(5);
  private static final Duration CALLS_UNDER_WAY = Duration.ofMillis(500);
  private static final Duration STREAM_CHECK = Duration.ofMillis(500);
  private static final Duration PODS_CHECK = Duration.ofMillis(100);

  private final PluginFolder folder;
  private final Pool.Parts parts;
  private final Registration registration;
  private final Neighbours neighbours;
  private final Map<ResourceName, Pool> pools = new TreeMap<>();
  private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));
  private final FolderWatch watch;
  private final Loop loop;

  private volatile Catalogue catalogue;
  private volatile SessionState state = SessionState.STARTING;
  private volatile Map<ResourceName, Integer> advertised = Map.of();
  private final Set<ResourceName> lost = ConcurrentHashMap.newKeySet();
  private final FirstPods firstPods;
  private Optional<String> kubelet = Optional.empty();
  private boolean cleared;
  private boolean warm;

  private KubeletSession(Start start) throws IOException {
    this.folder = new PluginFolder(start.kubeletDir(), start.name());
    this.parts =
        new Pool.Parts(start.sockets(), start.book(), start.injector(), start.events(), this::ask);
    this.registration = new Registration(start.sockets(), folder.kubeletSocket());
    this.neighbours = new Neighbours(start.sockets(), start.kubeletDir(), folder);
    this.catalogue = start.catalogue();
    this.firstPods = new FirstPods(start.listed());
    this.loop = Loop.start("kubelet-session", this::step);
    this.watch = new FolderWatch(folder.path(), loop::ask);
  }

  /**
   * What a session needs.
   *
   * @param kubeletDir the kubelet's root, usually /var/lib/kubelet
   * @param name a word unique to this start of the daemon
   * @param catalogue what to advertise first
   * @param listed whether the kubelet has listed any pod since a moment of System.nanoTime
   */
  public record Start(
      Path kubeletDir,
      String name,
      UnixSockets sockets,
      AllocationBook book,
      Injector injector,
      KubeletEvents events,
      Catalogue catalogue,
      LongPredicate listed) {}

  /**
   * Starts to serve and register, in the background.
   *
   * @throws IOException if folders cannot be watched on this machine
   */
  public static KubeletSession start(Start start) throws IOException {
    return new KubeletSession(start);
  }

  /** Removes sockets that daemons left behind. */
  public static void removeSockets(Path kubeletDir) {
    PluginFolder folder = new PluginFolder(kubeletDir, "none");
    if (folder.exists()) {
      folder.removeStale();
    }
  }

  public SessionState state() {
    return state;
  }

  /** Advertises another catalogue; pools that it no longer has go on, with no devices. */
  public void offer(Catalogue offered) {
    catalogue = offered;
    loop.ask();
  }

  /**
   * Healthy devices of the pools that the kubelet watches, by resource; none while not all are
   * served.
   */
  public Map<ResourceName, Integer> advertised() {
    return advertised;
  }

  /** Serves and registers pools anew: the kubelet shows something else than it was told. */
  public void registerAgain(Collection<ResourceName> resources) {
    lost.addAll(resources);
    loop.ask();
  }

  private void ask() {
    loop.ask();
  }

  private Duration step() throws InterruptedException {
    if (!folder.exists()) {
      return waiting("KubeletAbsent", folder.path() + " does not exist", SLOW_CHECK);
    }
    Optional<String> problem = serve();
    if (problem.isPresent()) {
      return waiting("CannotServe", problem.get(), backoff.failed());
    }
    if (pools.values().stream().anyMatch(Pool::cutOff)) {
      // Said before registering, which takes long with a kubelet that hangs.
      waiting("CutOff", "the kubelet has ended its watch of the devices", STREAM_CHECK);
    }
    warmUp();
    Optional<String> found = folder.kubelet();
    if (found.isEmpty()) {
      kubelet = found;
      return waiting("KubeletAbsent", folder.kubeletSocket() + " does not exist", SLOW_CHECK);
    }
    boolean another = !found.equals(kubelet);
    List<Pool> due = due(another);
    problem = due.isEmpty() ? Optional.empty() : neighbours.serving(unserved(due));
    if (problem.isPresent()) {
      return waiting("AnotherPlugin", problem.get(), backoff.failed());
    }
    if (!due.stream().allMatch(Pool::reachable)) {
      // A kubelet that starts has removed them since: it would dial each in vain for 10 s.
      return Duration.ZERO;
    }
    if (another) {
      firstPods.another();
    }
    kubelet = found;
    problem = register(due);
    if (problem.isPresent()) {
      return waiting("RegistrationFailed", problem.get(), backoff.failed());
    }
    backoff.worked();
    return watched();
  }

  /** A pool is served from when the kubelet watches it: before, it has none of the devices. */
  private Duration watched() {
    if (!pools.values().stream().allMatch(Pool::streaming)) {
      advertise(Map.of());
      return STREAM_CHECK;
    }
    if (firstPods.missing()) {
      return waiting("KubeletStarting", "the kubelet has not got its pods yet", PODS_CHECK);
    }
    enter(new SessionState(true, "Serving", "serving " + pools.size() + " pools"));
    advertise(healthy(catalogue));
    return SLOW_CHECK;
  }

  /** Serves what is new, and again what the kubelet can no longer reach. */
  private Optional<String> serve() {
    if (!cleared) {
      folder.removeStale();
      cleared = true;
    }
    Catalogue now = catalogue;
    try {
      for (ResourceName resource : now.resources()) {
        Pool pool = pools.get(resource);
        if (pool == null || !pool.reachable() || lost.remove(resource)) {
          Pool replaced = pools.put(resource, Pool.serve(resource, folder.newSocket(), parts));
          if (replaced != null) {
            replaced.end(System.nanoTime());
          }
        }
      }
    } catch (IOException e) {
      return Optional.of("a socket in " + folder.path() + " cannot be served: " + e);
    }
    pools.values().forEach(pool -> pool.send(now));
    return Optional.empty();
  }

  private void warmUp() {
    if (!warm && !pools.isEmpty()) {
      WarmUp.run(catalogue, pools.values().iterator().next().socket(), parts);
      warm = true;
    }
  }

  /** Pools that the kubelet must be told of, for the first time or again. */
  private List<Pool> due(boolean anotherKubelet) {
    long now = System.nanoTime();
    return pools.values().stream()
        .filter(pool -> anotherKubelet || !pool.registered() || pool.lost(now))
        .toList();
  }

  /** Those that stream are ours: a new kubelet.sock need not mean a new kubelet. */
  private static List<ResourceName> unserved(List<Pool> due) {
    return due.stream().filter(pool -> !pool.streaming()).map(Pool::resource).toList();
  }

  private Optional<String> register(List<Pool> due) {
    Optional<String> problem = Optional.empty();
    for (Pool pool : due) {
      Optional<String> refused = registration.register(pool);
      pool.registered(refused.isEmpty(), System.nanoTime());
      parts.events().registered(pool.resource(), refused.isEmpty());
      problem = problem.or(() -> refused.map(why -> pool.resource() + ": " + why));
    }
    return problem;
  }

  private Map<ResourceName, Integer> healthy(Catalogue offered) {
    Map<ResourceName, Integer> counts = new TreeMap<>();
    for (ResourceName resource : pools.keySet()) {
      long healthy =
          offered.devices(resource).stream()
              .filter(device -> device.health() == Health.HEALTHY)
              .count();
      counts.put(resource, (int) healthy);
    }
    return counts;
  }

  private Duration waiting(String reason, String message, Duration pause) {
    advertise(Map.of());
    enter(new SessionState(false, reason, message));
    return pause;
  }

  private void advertise(Map<ResourceName, Integer> now) {
    if (!now.equals(advertised)) {
      advertised = now;
      parts.events().stateChanged();
    }
  }

  /** Said once for each change, not for each try. */
  private void enter(SessionState next) {
    if (next.equals(state)) {
      return;
    }
    boolean sameReason = next.reason().equals(state.reason());
    state = next;
    if (!sameReason) {
      LOG.info("kubelet: {}: {}", next.reason(), next.message());
    }
    parts.events().stateChanged();
  }

  /** Stops advertising and serving; removes the sockets. */
  @Override
  public void close() {
    watch.close();
    loop.close();
    long deadline = System.nanoTime() + CALLS_UNDER_WAY.toNanos();
    pools.values().forEach(Pool::shutDown);
    pools.values().forEach(pool -> pool.end(deadline));
    pools.clear();
  }
}
