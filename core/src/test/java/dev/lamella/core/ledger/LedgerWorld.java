package dev.lamella.core.ledger;

import dev.lamella.core.TestTenants;
import dev.lamella.core.api.GpuNodeSpec;
import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.Holder;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.placement.PodPlacer;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.placement.Verdict;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.core.tenancy.NamespaceClaim;
import dev.lamella.core.tenancy.Tenant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A cluster as it is, and a ledger that hears of it event by event, late and in any order. Whatever
 * is placed is placed by what the ledger says at that moment, as the extender does.
 */
final class LedgerWorld {

  static final int SHARES = 4;
  static final List<String> PROFILES = List.of("1g.5gb", "3g.20gb");
  static final Set<String> KINDS =
      Set.of(
          "a pod comes",
          "a pod is being bound",
          "the bind is written",
          "the bind is not written",
          "slices are reserved",
          "the reservation ends",
          "the pod moves",
          "a pod ends",
          "a pod is refused",
          "a pod is deleted",
          "a pod lets go",
          "a node reports",
          "a node goes blind",
          "a node goes",
          "a node comes",
          "a tenant changes",
          "an event is heard");

  private static final List<String> NODES = List.of("a", "b", "c");
  private static final List<String> NAMESPACES = List.of("alpha", "beta", "gamma");
  private static final String[] SLICES = {"1g.5gb@0", "1g.5gb@1", "1g.5gb@2", "3g.20gb@4"};

  private final Random random;
  private final Ledger ledger = new Ledger();

  /** On their way to the ledger, and those that it has heard. */
  private final List<Event> unheard = new ArrayList<>();

  private final List<Event> heard = new ArrayList<>();

  /** Pods that are there, as the API server has them. */
  private final Map<String, PodFact> pods = new TreeMap<>();

  /** What is held on the hardware, by pod. */
  private final Map<String, PodFact> holding = new TreeMap<>();

  /** Places that the ledger was told of and the API server was not, by pod; true: reserved. */
  private final Map<String, Place> places = new TreeMap<>();

  /** The node of every pod that ever was bound, by UID. */
  private final Map<String, String> boundTo = new TreeMap<>();

  private final Set<String> nodes = new TreeSet<>(NODES);
  private long version = 100;
  private long now = 1;
  private int named;
  private int bound;

  private record Place(PodFact pod, String node, Assignment assignment, boolean reserved) {}

  LedgerWorld(long seed) {
    random = new Random(seed);
    NODES.forEach(this::nodeComes);
    NAMESPACES.forEach(this::tenantChanges);
    deliverAll();
  }

  Ledger ledger() {
    return ledger;
  }

  /** Pods that were bound so far. */
  int bound() {
    return bound;
  }

  /** Not after each step: what changes between two looks changes at once. */
  boolean looks() {
    return random.nextInt(3) > 0;
  }

  /** Does something; returns what. */
  String step() {
    now += random.nextInt(3) == 0 ? 1 : 0;
    return switch (random.nextInt(24)) {
      case 0, 1 -> podComes();
      case 2, 3, 4, 5 -> bind();
      case 6, 7, 8 -> settle();
      case 9 -> reserve();
      case 10 -> release();
      case 11 -> move();
      case 12 -> end();
      case 13, 14 -> delete();
      case 15 -> letGo();
      case 16, 17 -> report(pick(NODES));
      case 18 -> random.nextInt(4) > 0 ? hear() : blind(pick(NODES));
      case 19 -> random.nextInt(4) > 0 ? hear() : nodeComesOrGoes(pick(NODES));
      case 20 -> tenantChanges(pick(NAMESPACES));
      default -> hear();
    };
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private Optional<PodFact> pick(Predicate<PodFact> wanted) {
    List<PodFact> found = pods.values().stream().filter(wanted).toList();
    return found.isEmpty() ? Optional.empty() : Optional.of(pick(found));
  }

  private String podComes() {
    String name = "p" + named++;
    String profile = random.nextInt(3) == 0 ? "3g.20gb" : "1g.5gb";
    ResourceName resource =
        random.nextBoolean() ? ResourceName.whole(profile) : ResourceName.shared(profile);
    PodFact pod =
        new PodFact(
            new PodRef("uid-" + name, pick(NAMESPACES), name),
            ++version,
            Optional.empty(),
            Phase.PENDING,
            random.nextInt(2),
            PodNeeds.of(resource, 1 + random.nextInt(2)),
            Optional.empty(),
            PodFact.Traits.ORDINARY);
    pods.put(name, pod);
    happens(new Event.PodSeen(pod));
    return "a pod comes";
  }

  private Optional<PodFact> waiting(boolean placed) {
    return pick(p -> p.node().isEmpty() && places.containsKey(p.ref().name()) == placed);
  }

  private Optional<Place> placeFor(PodFact pod, boolean reserved) {
    String node = pick(NODES);
    Verdict verdict =
        PodPlacer.of(PodRequest.of(pod, now), ledger.snapshot(), PlacementPolicy.PACK).place(node);
    return verdict instanceof Verdict.Fits fits
        ? Optional.of(new Place(pod, node, new Assignment(now, fits.held()), reserved))
        : Optional.empty();
  }

  private void take(Ledger by, Place place) {
    if (place.reserved()) {
      Reservation kept = new Reservation(place.node(), place.assignment().held());
      by.reserve(place.pod(), kept, place.assignment().boundAt());
    } else {
      by.bind(place.pod(), place.node(), place.assignment());
    }
  }

  private void place(Place place) {
    places.put(place.pod().ref().name(), place);
    take(ledger, place);
  }

  private String bind() {
    waiting(false).flatMap(pod -> placeFor(pod, false)).ifPresent(this::place);
    return "a pod is being bound";
  }

  private String reserve() {
    waiting(false).flatMap(pod -> placeFor(pod, true)).ifPresent(this::place);
    return "slices are reserved";
  }

  private String release() {
    Optional<PodFact> pod = waiting(true).filter(p -> places.get(p.ref().name()).reserved());
    pod.ifPresent(p -> places.remove(p.ref().name()));
    pod.ifPresent(p -> ledger.release(p.ref().uid()));
    return "the reservation ends";
  }

  /** From one place that it would have to another, in one go. */
  private String move() {
    waiting(true)
        .filter(pod -> !places.get(pod.ref().name()).reserved())
        .ifPresent(
            pod ->
                placeFor(pod, false)
                    .ifPresent(
                        place -> {
                          ledger.unbind(pod.ref().uid());
                          place(place);
                        }));
    return "the pod moves";
  }

  /** What becomes of a bind. */
  private String settle() {
    Optional<Place> place =
        waiting(true).map(pod -> places.get(pod.ref().name())).filter(p -> !p.reserved());
    boolean written = random.nextInt(4) > 0;
    place.ifPresent(bind -> places.remove(bind.pod().ref().name()));
    if (!written) {
      place.ifPresent(bind -> ledger.unbind(bind.pod().ref().uid()));
      return "the bind is not written";
    }
    place
        .filter(bind -> nodes.contains(bind.node()))
        .ifPresentOrElse(
            bind -> {
              PodFact pod = pods.get(bind.pod().ref().name());
              seen(changed(pod.boundTo(bind.node(), bind.assignment()), Phase.RUNNING));
              holding.put(pod.ref().name(), pods.get(pod.ref().name()));
              bound++;
              boundTo.put(pod.ref().uid(), bind.node());
              places.put(pod.ref().name(), bind);
            },
            () -> place.ifPresent(bind -> ledger.unbind(bind.pod().ref().uid())));
    return "the bind is written";
  }

  private PodFact changed(PodFact pod, Phase phase) {
    return new PodFact(
        pod.ref(),
        ++version,
        pod.node(),
        phase,
        pod.priority(),
        pod.needs(),
        pod.assignment(),
        pod.traits());
  }

  private void seen(PodFact pod) {
    pods.put(pod.ref().name(), pod);
    happens(new Event.PodSeen(pod));
  }

  /** The kubelet has let go before it says so; what it refuses it never held. */
  private String end() {
    boolean refused = random.nextInt(3) == 0;
    Phase phase = refused ? Phase.REFUSED : pick(List.of(Phase.SUCCEEDED, Phase.FAILED));
    pick(pod -> pod.node().isPresent() && !pod.phase().terminal())
        .ifPresent(
            pod -> {
              holding.remove(pod.ref().name());
              seen(changed(pod, phase));
            });
    return refused ? "a pod is refused" : "a pod ends";
  }

  /** By force: what it held it holds on to. */
  private String delete() {
    pick(pod -> pod.node().isPresent() || random.nextInt(8) == 0).ifPresent(this::delete);
    return "a pod is deleted";
  }

  private void delete(PodFact pod) {
    pods.remove(pod.ref().name());
    happens(new Event.PodGone(pod.ref().uid(), ++version));
  }

  private String letGo() {
    holding.keySet().stream()
        .filter(name -> !pods.containsKey(name))
        .findFirst()
        .ifPresent(holding::remove);
    return "a pod lets go";
  }

  private String report(String node) {
    return reports(node, List.of(gpu(node, 0), gpu(node, 1)), "a node reports");
  }

  /** Its driver is gone, and with it whoever only held on. */
  private String blind(String node) {
    holding.values().removeIf(pod -> isOn(node, pod) && !pods.containsKey(pod.ref().name()));
    return reports(node, List.of(), "a node goes blind");
  }

  private String reports(String node, List<GpuStatus> gpus, String what) {
    if (nodes.contains(node)) {
      GpuNodeStatus status =
          new GpuNodeStatus(true, "575", Long.toString(version), gpus, List.of());
      happens(
          new Event.GpuNodeSeen(
              new GpuNodeFact(node, ++version, new GpuNodeSpec(List.of()), status)));
    }
    return what;
  }

  private GpuStatus gpu(String node, int gpu) {
    String uuid = node + "/" + gpu;
    List<SliceStatus> slices = new ArrayList<>();
    for (String slice : SLICES) {
      boolean large = slice.startsWith("3g");
      slices.add(
          new SliceStatus(
              uuid + "/" + slice,
              slice.substring(0, slice.indexOf('@')),
              large ? 3 : 1,
              large ? 19_968 : 4_864,
              Integer.parseInt(slice.substring(slice.indexOf('@') + 1)),
              large ? 4 : 1,
              "Healthy",
              "Free",
              SHARES,
              holders(uuid + "/" + slice)));
    }
    return new GpuStatus(uuid, "A100-SXM4-40GB", true, gpu, slices);
  }

  private List<Holder> holders(String slice) {
    List<Holder> holders = new ArrayList<>();
    for (PodFact pod : holding.values()) {
      for (Held held : pod.assignment().orElseThrow().held()) {
        if (held.slices().contains(slice)) {
          PodRef ref = pod.ref();
          holders.add(new Holder(ref.uid(), ref.namespace(), ref.name(), held.shares()));
        }
      }
    }
    return holders;
  }

  private String nodeComesOrGoes(String node) {
    if (!nodes.contains(node)) {
      return nodeComes(node);
    }
    deliverAll();
    nodes.remove(node);
    // Its pods go with it, and so does what they held.
    pods.values().stream().filter(pod -> isOn(node, pod)).toList().forEach(this::delete);
    holding.values().removeIf(pod -> isOn(node, pod));
    happens(new Event.NodeGone(node, ++version));
    happens(new Event.GpuNodeGone(node, ++version));
    forgets(node);
    return "a node goes";
  }

  private static boolean isOn(String node, PodFact pod) {
    return pod.node().equals(Optional.of(node));
  }

  /** While a node is away, the ledger forgets the pods that were on it and went. */
  private void forgets(String node) {
    deliverAll();
    ledger.snapshot();
    // The ledger must have forgotten them: one that never heard of them says the same.
    heard.removeIf(event -> wasOn(node, event));
    places.values().removeIf(p -> p.node().equals(node) && !pods.containsKey(p.pod().ref().name()));
  }

  private boolean wasOn(String node, Event event) {
    String uid =
        event instanceof Event.PodSeen seen
            ? seen.pod().ref().uid()
            : event instanceof Event.PodGone gone ? gone.uid() : "";
    return node.equals(boundTo.get(uid)) && !pods.containsKey(uid.replaceFirst("uid-", ""));
  }

  private String nodeComes(String node) {
    forgets(node);
    nodes.add(node);
    Map<ResourceName, Integer> allocatable = new TreeMap<>();
    PROFILES.forEach(
        profile -> {
          int slices = profile.startsWith("1g") ? 6 : 2;
          allocatable.put(ResourceName.whole(profile), slices);
          allocatable.put(ResourceName.shared(profile), slices * SHARES);
        });
    happens(new Event.NodeSeen(new NodeFact(node, ++version, allocatable)));
    report(node);
    return "a node comes";
  }

  private String tenantChanges(String name) {
    if (random.nextInt(4) == 0) {
      happens(new Event.TenantGone(name, ++version));
    } else {
      String guaranteed = Integer.toString(1 + random.nextInt(5));
      Tenant tenant =
          random.nextBoolean()
              ? TestTenants.latencyCritical(name, 5, guaranteed)
              : TestTenants.bestEffort(name, 5, guaranteed);
      happens(new Event.TenantSeen(claiming(tenant), ++version));
    }
    return "a tenant changes";
  }

  /** Its own namespace, at times another's as well. */
  private Tenant claiming(Tenant tenant) {
    String also = pick(NAMESPACES);
    NamespaceClaim claim = random.nextInt(3) == 0 ? NamespaceClaim.byName(also) : tenant.claim();
    return new Tenant(
        tenant.name(),
        claim,
        tenant.tenantClass(),
        tenant.priority(),
        tenant.cohort(),
        tenant.wholeSlices(),
        tenant.quota());
  }

  private void happens(Event event) {
    unheard.add(event);
  }

  /** Any of those on their way, at times one that has been heard before. */
  private String hear() {
    if (!heard.isEmpty() && random.nextInt(8) == 0) {
      ledger.apply(pick(heard));
    } else if (!unheard.isEmpty()) {
      hear(unheard.remove(random.nextInt(Math.min(unheard.size(), 12))));
    }
    return "an event is heard";
  }

  private void hear(Event event) {
    heard.add(event);
    ledger.apply(event);
  }

  void deliverAll() {
    unheard.forEach(this::hear);
    unheard.clear();
  }

  void everybodyGoes() {
    places.values().forEach(place -> ledger.unbind(place.pod().ref().uid()));
    places.values().forEach(place -> ledger.release(place.pod().ref().uid()));
    places.clear();
    List.copyOf(pods.values()).forEach(this::delete);
    holding.clear();
    NODES.forEach(this::report);
    deliverAll();
  }

  /** What a ledger says that hears of the same things in another order. */
  Snapshot rebuilt() {
    Ledger anew = new Ledger();
    List<Event> shuffled = new ArrayList<>(heard);
    Collections.shuffle(shuffled, random);
    places.values().forEach(place -> take(anew, place));
    shuffled.forEach(anew::apply);
    return anew.snapshot();
  }

  /** Shares by slice, 0 for a whole one, one entry for each pod that holds any of it. */
  Map<String, List<Integer>> heldInFact() {
    Map<String, List<Integer>> held = new TreeMap<>();
    for (PodFact pod : holding.values()) {
      for (Held each : pod.assignment().orElseThrow().held()) {
        for (String slice : each.slices()) {
          held.computeIfAbsent(pod.node() + slice, s -> new ArrayList<>()).add(each.shares());
        }
      }
    }
    return held;
  }
}
