package dev.lamella.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.api.Holder;
import dev.lamella.core.api.LamellaApi;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.resource.DeviceId;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What must hold at every moment, looked at from outside twice a second. A list of pods and a
 * GpuNode are of one moment each; pod-resources is read pod by pod, so what it seems to break must
 * be seen twice in a row.
 */
final class Invariants implements Runnable, AutoCloseable {

  private static final long PAUSE_MILLIS = 500;

  /** Usage is counted in quarters of a compute slice: slices are cut into four shares. */
  private static final int QUARTERS = 4;

  private final Cluster cluster;
  private final Scenario scenario;
  private final Set<String> broken = new TreeSet<>();
  private final Map<String, Integer> highest = new TreeMap<>();
  private Set<String> suspected = Set.of();
  private final Thread thread = new Thread(this, "invariants");
  private volatile boolean ended;
  private int looks;
  private int unanswered;

  private Invariants(Cluster cluster, Scenario scenario) {
    this.cluster = cluster;
    this.scenario = scenario;
    thread.setDaemon(true);
  }

  static Invariants start(Cluster cluster, Scenario scenario) {
    Invariants invariants = new Invariants(cluster, scenario);
    invariants.thread.start();
    return invariants;
  }

  @Override
  public void run() {
    while (!ended) {
      look();
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** One look at everything; who does not answer, because it was killed, is left out. */
  private void look() {
    looks++;
    asking(this::limits);
    Set<String> seen = new TreeSet<>();
    for (Node node : cluster.nodes().values()) {
      asking(() -> oneHandOneMode(node, seen));
      asking(() -> reportOf(node));
    }
    Set<String> twice = new TreeSet<>(seen);
    twice.retainAll(suspected);
    broken.addAll(twice);
    suspected = seen;
  }

  private interface Look {
    void at() throws IOException;
  }

  private void asking(Look look) {
    try {
      look.at();
    } catch (IOException | StatusRuntimeException e) {
      unanswered++;
    } catch (RuntimeException e) {
      broken.add("cannot be read: " + e);
    }
  }

  /** No limit is exceeded: bound pods that have not ended, by what they were assigned. */
  private void limits() throws IOException {
    JsonNode pods = cluster.kube().get("/api/v1/pods?labelSelector=campaign");
    Map<String, Integer> used = new TreeMap<>();
    Map<String, List<String>> who = new TreeMap<>();
    for (JsonNode pod : pods.path("items")) {
      if (counts(pod)) {
        String namespace = pod.at("/metadata/namespace").asText();
        used.merge(namespace, quarters(pod), Integer::sum);
        who.computeIfAbsent(namespace, any -> new ArrayList<>()).add(brief(pod));
      }
    }
    for (Scenario.Tenant tenant : scenario.tenants()) {
      int now = used.getOrDefault(tenant.name(), 0);
      highest.merge(tenant.name(), now, Math::max);
      if (now > tenant.limit() * QUARTERS) {
        broken.add(
            "limit: %s uses %d quarters of %d slices at %s: %s"
                .formatted(
                    tenant.name(), now, tenant.limit(), Instant.now(), who.get(tenant.name())));
      }
    }
  }

  private static String brief(JsonNode pod) {
    return "%s %s on %s%s, %d quarters"
        .formatted(
            pod.at("/metadata/name").asText(),
            Team.phase(pod),
            pod.at("/spec/nodeName").asText(),
            pod.path("metadata").has("deletionTimestamp") ? " going" : "",
            quarters(pod));
  }

  /** Whether it is bound and has not ended. */
  static boolean counts(JsonNode pod) {
    String phase = Team.phase(pod);
    return pod.at("/spec").has("nodeName") && !phase.equals("Succeeded") && !phase.equals("Failed");
  }

  /** What it was assigned, in quarters of a compute slice. */
  static int quarters(JsonNode pod) {
    String text = pod.at("/metadata/annotations").path(LamellaApi.ASSIGNMENT).asText();
    if (text.isEmpty()) {
      throw new IllegalStateException("bound without assignment: " + pod.path("metadata"));
    }
    int quarters = 0;
    for (Held held : Assignment.parse(text).held()) {
      int compute = held.resource().text().replace("nvidia.com/mig-", "").charAt(0) - '0';
      quarters += held.devices() * compute * (held.resource().shared() ? 1 : QUARTERS);
    }
    return quarters;
  }

  /** By the kubelet: no slice is held whole by two, nor whole and in shares. */
  private void oneHandOneMode(Node node, Set<String> seen) {
    Map<String, List<String>> whole = new TreeMap<>();
    Set<String> shared = new TreeSet<>();
    for (var pod : KubeletBooks.podResources(node.dir()).entrySet()) {
      for (Device device : pod.getValue()) {
        DeviceId id = DeviceId.parse(device.id());
        if (id.share().isPresent()) {
          shared.add(id.slice());
        } else {
          whole.computeIfAbsent(id.slice(), slice -> new ArrayList<>()).add(pod.getKey());
        }
      }
    }
    whole.forEach(
        (slice, pods) -> {
          if (pods.size() > 1) {
            seen.add("hands: " + slice + " of " + node.name() + " is held whole by " + pods);
          }
          if (shared.contains(slice)) {
            seen.add("modes: " + slice + " of " + node.name() + " is shared, and whole by " + pods);
          }
        });
  }

  /** By the daemon: what is whole has one holder, and no more shares are held than there are. */
  private void reportOf(Node node) throws IOException {
    for (SliceStatus slice : cluster.gpuNode(node.name()).slices()) {
      int shares = slice.holders().stream().mapToInt(Holder::shares).sum();
      boolean wrong =
          slice.mode().equals("Whole") ? slice.holders().size() > 1 : shares > slice.sharesTotal();
      if (wrong) {
        broken.add("report: " + node.name() + " says " + slice);
      }
    }
  }

  /** Everything that was seen broken, each once. */
  Set<String> broken() {
    return broken;
  }

  @Override
  public String toString() {
    Map<String, Double> slices = new TreeMap<>();
    highest.forEach((tenant, quarters) -> slices.put(tenant, quarters / (double) QUARTERS));
    return "%d looks, %d questions unanswered, most slices in use %s"
        .formatted(looks, unanswered, slices);
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join(30_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
