package dev.lamella.core;

import dev.lamella.core.api.GpuNodeSpec;
import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.Holder;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.geometry.Board;
import dev.lamella.core.geometry.Boards;
import dev.lamella.core.geometry.Profile;
import dev.lamella.core.ledger.Event;
import dev.lamella.core.ledger.GpuNodeFact;
import dev.lamella.core.ledger.Ledger;
import dev.lamella.core.ledger.NodeFact;
import dev.lamella.core.ledger.Phase;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.ledger.Reservation;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.ledger.TenantUsage;
import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.core.placement.PodPlacer;
import dev.lamella.core.placement.PodRequest;
import dev.lamella.core.placement.Verdict;
import dev.lamella.core.pod.ContainerNeed;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.reclaim.DisruptionBudget;
import dev.lamella.core.reclaim.ReclaimDecision;
import dev.lamella.core.reclaim.ReclaimPlanner;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.core.tenancy.Tenant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * A small cluster driven by one-line steps, for tests written as tables. Slices are named {@code
 * node/gpu/profile@start}. The steps:
 *
 * <pre>
 * bind NAMESPACE/POD RESOURCE*COUNT[,...] NODE [OPTIONS]      places and binds, as the extender does
 * reclaim NAMESPACE/POD RESOURCE*COUNT NODE[,...] [OPTIONS]   whom reclaim would evict
 * reserve NAMESPACE/POD RESOURCE*COUNT NODE[,...]            reclaims and reserves
 * release POD                                                 ends the reservation
 * terminate POD                                               its deletion begins
 * budget NAME ALLOWED POD[,...]                               a PodDisruptionBudget
 * end POD | fail POD | refuse POD | delete POD                the pod's end, as the watch shows it
 * report NODE [without-looking]                               the daemon's report
 * admitted NODE POD=SLICE...                                  a report that shows these pods alone
 * blind NODE                                                  a report that shows no GPU
 * free RESOURCE NODE                                          how many could be given now
 * used TENANT                                                 what a tenant uses
 * </pre>
 *
 * Options: {@code priority N}, {@code alone} (no controller), {@code never} (preemptionPolicy),
 * {@code apart} (its shares on distinct slices).
 */
public final class Scenario {

  private static final int SHARES = 4;

  private final Ledger ledger = new Ledger();
  private final List<Event> history = new ArrayList<>();
  private final Map<String, List<GpuStatus>> gpus = new TreeMap<>();
  private final Map<String, PodFact> pods = new LinkedHashMap<>();
  private final List<DisruptionBudget> budgets = new ArrayList<>();
  private PlacementPolicy policy = PlacementPolicy.PACK;
  private long version = 100;

  private void take(Event event) {
    history.add(event);
    ledger.apply(event);
  }

  /** Every event so far, in order. */
  public List<Event> history() {
    return List.copyOf(history);
  }

  public Ledger ledger() {
    return ledger;
  }

  public Snapshot snapshot() {
    return ledger.snapshot();
  }

  public Scenario policy(PlacementPolicy chosen) {
    policy = chosen;
    return this;
  }

  public Scenario tenant(Tenant tenant) {
    take(new Event.TenantSeen(tenant, ++version));
    return this;
  }

  /** A node of A100-40GB boards, each given as its slices, such as "1g.5gb@0 3g.20gb@4". */
  public Scenario node(String name, String... boards) {
    List<GpuStatus> list = new ArrayList<>();
    for (String slices : boards) {
      list.add(gpu(name + "/" + list.size(), slices));
    }
    gpus.put(name, list);
    Map<ResourceName, Integer> allocatable = new TreeMap<>();
    list.stream()
        .flatMap(gpu -> gpu.slices().stream())
        .forEach(
            slice -> {
              allocatable.merge(ResourceName.whole(slice.profile()), 1, Integer::sum);
              allocatable.merge(ResourceName.shared(slice.profile()), SHARES, Integer::sum);
            });
    take(new Event.NodeSeen(new NodeFact(name, ++version, allocatable)));
    report(name, version);
    return this;
  }

  private static GpuStatus gpu(String uuid, String slices) {
    Board board = Boards.byModel("A100-SXM4-40GB").orElseThrow();
    List<SliceStatus> list = new ArrayList<>();
    for (String slice : slices.split(" ")) {
      String[] parts = slice.split("@");
      Profile profile = board.profile(parts[0]).orElseThrow();
      list.add(
          new SliceStatus(
              uuid + "/" + slice,
              profile.name(),
              profile.computeSlices(),
              profile.size() * board.sliceMemoryMiB(),
              Integer.parseInt(parts[1]),
              profile.size(),
              "Healthy",
              "Free",
              SHARES,
              List.of()));
    }
    return new GpuStatus(uuid, board.model(), true, 0, list);
  }

  /** A pod that holds a given slice whole. */
  public Scenario pinned(String pod, String node, String slice) {
    ResourceName resource =
        ResourceName.whole(slice.substring(slice.lastIndexOf('/') + 1, slice.indexOf('@')));
    seen(
        new PodFact(
            new PodRef("uid-" + pod, "pinned", pod),
            ++version,
            Optional.of(node),
            Phase.RUNNING,
            0,
            PodNeeds.of(resource, 1),
            Optional.of(new Assignment(version, List.of(Held.whole(resource, List.of(slice))))),
            PodFact.Traits.ORDINARY));
    return this;
  }

  /** Carries a step out and says what came of it. */
  public String step(String line) {
    String[] words = line.trim().split("\\s+");
    return switch (words[0]) {
      case "bind" -> bind(words);
      case "reclaim" -> reclaim(words);
      case "reserve" -> reserve(words);
      case "release" -> release(words[1]);
      case "terminate" -> terminate(words[1]);
      case "budget" -> budget(words);
      case "end" -> phase(words[1], Phase.SUCCEEDED);
      case "fail" -> phase(words[1], Phase.FAILED);
      case "refuse" -> phase(words[1], Phase.REFUSED);
      case "delete" -> delete(words[1]);
      case "report" -> report(words[1], words.length > 2 ? 0 : version);
      case "admitted" -> admitted(words);
      case "blind" -> reported(words[1], List.of(), 0);
      case "free" -> free(ResourceName.parse(words[1]).orElseThrow(), words[2]);
      case "used" -> used(words[1]);
      default -> throw new IllegalArgumentException("unknown step: " + line);
    };
  }

  private String bind(String[] words) {
    PodFact pod = pod(words);
    Verdict verdict = PodPlacer.of(PodRequest.of(pod, version), snapshot(), policy).place(words[3]);
    if (verdict instanceof Verdict.Rejected no) {
      return no.reason().sentence();
    }
    Verdict.Fits fits = (Verdict.Fits) verdict;
    seen(bound(pod, words[3], new Assignment(version, fits.held())));
    return text(fits.held());
  }

  private PodFact pod(String[] words) {
    String[] who = words[1].split("/");
    List<String> options = Arrays.asList(words).subList(4, words.length);
    int at = options.indexOf("priority");
    return new PodFact(
        new PodRef("uid-" + who[1], who[0], who[1]),
        ++version,
        Optional.empty(),
        Phase.PENDING,
        at < 0 ? 0 : Integer.parseInt(options.get(at + 1)),
        needs(words[2], options.contains("apart")),
        Optional.empty(),
        new PodFact.Traits(false, !options.contains("alone"), !options.contains("never")));
  }

  private String reclaim(String[] words) {
    PodRequest request = PodRequest.of(pod(words), version);
    ReclaimDecision decision =
        ReclaimPlanner.plan(request, List.of(words[3].split(",")), budgets, snapshot());
    if (decision instanceof ReclaimDecision.Refused no) {
      return no.reason().sentence();
    }
    ReclaimDecision.Plan plan = (ReclaimDecision.Plan) decision;
    String victims =
        plan.victims().stream()
            .map(victim -> " " + victim.pod().pod().name())
            .collect(Collectors.joining());
    String leaving =
        plan.leaving().stream().map(pod -> " " + pod.name()).collect(Collectors.joining());
    return text(plan.held())
        + (victims.isEmpty() ? "" : " evicts" + victims)
        + (leaving.isEmpty() ? "" : " awaits" + leaving);
  }

  private String reserve(String[] words) {
    PodFact pod = pod(words);
    PodRequest request = PodRequest.of(pod, version);
    ReclaimDecision.Plan plan =
        (ReclaimDecision.Plan)
            ReclaimPlanner.plan(request, List.of(words[3].split(",")), budgets, snapshot());
    ledger.reserve(pod, new Reservation(plan.node(), plan.held()), version);
    return text(plan.held());
  }

  private String release(String name) {
    ledger.release("uid-" + name);
    return "ok";
  }

  private String terminate(String name) {
    PodFact pod = pods.get(name);
    PodFact.Traits now = new PodFact.Traits(true, pod.traits().controlled(), true);
    seen(
        new PodFact(
            pod.ref(),
            ++version,
            pod.node(),
            pod.phase(),
            pod.priority(),
            pod.needs(),
            pod.assignment(),
            now));
    return "ok";
  }

  private String budget(String[] words) {
    Set<String> uids =
        Arrays.stream(words[3].split(",")).map(name -> "uid-" + name).collect(Collectors.toSet());
    budgets.add(new DisruptionBudget(words[1], Integer.parseInt(words[2]), uids));
    return "ok";
  }

  private static String text(List<Held> held) {
    return held.stream().map(Scenario::text).collect(Collectors.joining(" "));
  }

  private static PodNeeds needs(String text, boolean apart) {
    List<ContainerNeed> containers = new ArrayList<>();
    for (String part : text.split(",")) {
      String[] pair = part.split("\\*");
      containers.add(
          new ContainerNeed(
              ContainerNeed.Kind.MAIN,
              Map.of(
                  ResourceName.parse("nvidia.com/" + pair[0]).orElseThrow(),
                  Integer.parseInt(pair[1]))));
    }
    PodNeeds needs = new PodNeeds(containers);
    return apart ? new PodNeeds(containers, needs.totals().keySet()) : needs;
  }

  private static String text(Held held) {
    String slices = String.join("+", held.slices());
    return held.resource().shared() ? slices + " x" + held.shares() : slices;
  }

  private static PodFact bound(PodFact pod, String node, Assignment assignment) {
    return new PodFact(
        pod.ref(),
        pod.version(),
        Optional.of(node),
        pod.phase(),
        pod.priority(),
        pod.needs(),
        Optional.of(assignment),
        pod.traits());
  }

  /** Shows a pod to the ledger. */
  public void seen(PodFact pod) {
    pods.put(pod.ref().name(), pod);
    take(new Event.PodSeen(pod));
  }

  public PodFact pod(String name) {
    return pods.get(name);
  }

  private String phase(String name, Phase phase) {
    PodFact pod = pods.get(name);
    seen(
        new PodFact(
            pod.ref(),
            ++version,
            pod.node(),
            phase,
            pod.priority(),
            pod.needs(),
            pod.assignment(),
            pod.traits()));
    return "ok";
  }

  private String delete(String name) {
    take(new Event.PodGone(pods.remove(name).ref().uid(), ++version));
    return "ok";
  }

  /** The daemon's report: who holds what, from the assignments of the pods that still run. */
  private String report(String node, long observed) {
    return report(node, observed, this::assigned);
  }

  /** A report of pods with what they ask for, wherever they were assigned it. */
  private String admitted(String[] words) {
    Map<String, String> slices =
        Arrays.stream(words)
            .skip(2)
            .map(word -> word.split("="))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    return report(
        words[1],
        version,
        (pod, slice) ->
            slice.equals(slices.get(pod.ref().name()))
                ? pod.assignment().map(Assignment::held).orElse(List.of())
                : List.of());
  }

  private List<Held> assigned(PodFact pod, String slice) {
    return pod.assignment().map(Assignment::held).orElse(List.of()).stream()
        .filter(held -> held.slices().contains(slice))
        .toList();
  }

  private String report(
      String node, long observed, BiFunction<PodFact, String, List<Held>> holding) {
    List<GpuStatus> list =
        gpus.get(node).stream()
            .map(
                gpu ->
                    new GpuStatus(
                        gpu.uuid(),
                        gpu.model(),
                        true,
                        gpu.numaNode(),
                        gpu.slices().stream().map(slice -> withHolders(slice, holding)).toList()))
            .toList();
    return reported(node, list, observed);
  }

  private String reported(String node, List<GpuStatus> list, long observed) {
    GpuNodeStatus status = new GpuNodeStatus(true, "575", Long.toString(observed), list, List.of());
    take(
        new Event.GpuNodeSeen(
            new GpuNodeFact(node, ++version, new GpuNodeSpec(List.of()), status)));
    return "ok";
  }

  private SliceStatus withHolders(
      SliceStatus slice, BiFunction<PodFact, String, List<Held>> holding) {
    List<Holder> holders = new ArrayList<>();
    for (PodFact pod : pods.values()) {
      if (!pod.phase().terminal()) {
        PodRef ref = pod.ref();
        for (Held held : holding.apply(pod, slice.uuid())) {
          holders.add(new Holder(ref.uid(), ref.namespace(), ref.name(), held.shares()));
        }
      }
    }
    return new SliceStatus(
        slice.uuid(),
        slice.profile(),
        slice.computeSlices(),
        slice.memoryMiB(),
        slice.start(),
        slice.size(),
        slice.health(),
        slice.mode(),
        slice.sharesTotal(),
        holders);
  }

  private String free(ResourceName resource, String node) {
    return Integer.toString(
        snapshot().node(node).orElseThrow().slices(resource.profile()).stream()
            .mapToInt(s -> resource.shared() ? s.freeShares() : s.freeWhole() ? 1 : 0)
            .sum());
  }

  private String used(String tenant) {
    TenantUsage usage = snapshot().usages().get(tenant);
    return usage == null ? "0" : usage.used().compute();
  }
}
