package dev.lamella.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.amount.Amount;
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
import dev.lamella.core.pod.ContainerNeed;
import dev.lamella.core.pod.PodNeeds;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.core.tenancy.Tenant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Slices that their node offers under another name than their profile's, or not at all. */
class AdvertisedTest {

  private static final ResourceName GPU = ResourceName.whole("gpu");
  private static final ResourceName GPU_SHARE = ResourceName.shared("gpu");
  private static final ResourceName MIG = ResourceName.whole("1g.5gb");

  private final Ledger ledger = new Ledger();
  private long version = 100;

  private void node(SliceStatus... slices) {
    Map<ResourceName, Integer> allocatable = Map.of(GPU, slices.length, GPU_SHARE, 8, MIG, 2);
    ledger.apply(new Event.NodeSeen(new NodeFact("n", ++version, allocatable)));
    GpuStatus gpu = new GpuStatus("GPU-1", "A100-SXM4-40GB", true, 0, List.of(slices));
    GpuNodeStatus status =
        new GpuNodeStatus(true, "575", Long.toString(version), List.of(gpu), List.of());
    ledger.apply(
        new Event.GpuNodeSeen(new GpuNodeFact("n", ++version, new GpuNodeSpec(List.of()), status)));
  }

  private static SliceStatus slice(int start, String resource, Holder... holders) {
    return new SliceStatus(
        "MIG-" + start,
        "1g.5gb",
        resource,
        1,
        4864,
        start,
        1,
        "Healthy",
        null,
        holders.length == 0 ? "Free" : "Whole",
        4,
        List.of(holders));
  }

  private static PodFact pod(String name, ResourceName resource) {
    return new PodFact(
        new PodRef(name, "team", name),
        101,
        Optional.empty(),
        Phase.PENDING,
        0,
        new PodNeeds(List.of(new ContainerNeed(ContainerNeed.Kind.MAIN, Map.of(resource, 1)))),
        Optional.empty(),
        PodFact.Traits.ORDINARY);
  }

  private Verdict place(PodFact pod) {
    return PodPlacer.of(PodRequest.of(pod, 5), ledger.snapshot(), PlacementPolicy.PACK).place("n");
  }

  private TenantUsage usage() {
    return ledger.snapshot().usage(Tenant.UNCLAIMED);
  }

  @Test
  void aPodThatAsksForAGpuGetsASliceOfANodeThatNamesThemSo() {
    node(slice(0, "nvidia.com/gpu"), slice(1, "nvidia.com/gpu"));

    assertThat(place(pod("p", GPU)))
        .isInstanceOfSatisfying(
            Verdict.Fits.class,
            fits -> assertThat(fits.held()).containsExactly(Held.whole(GPU, List.of("MIG-0"))));
    assertThat(place(pod("q", GPU_SHARE))).isInstanceOf(Verdict.Fits.class);
    assertThat(place(pod("r", MIG)))
        .isInstanceOfSatisfying(
            Verdict.Rejected.class,
            no -> assertThat(no.reason().sentence()).isEqualTo("no 1g.5gb slice on the node"));
  }

  @Test
  void itIsChargedAsTheSliceThatItGetsAndCountsForThatProfile() {
    node(slice(0, "nvidia.com/gpu"), slice(1, "nvidia.com/gpu"));

    ledger.bind(pod("p", GPU), "n", new Assignment(5, List.of(Held.whole(GPU, List.of("MIG-0")))));

    assertThat(usage().used().compute()).isEqualTo("1");
    assertThat(usage().sliceParts("1g.5gb")).isEqualTo(Amount.PARTS);
    assertThat(usage().sliceParts("gpu")).isZero();
    NodeState node = ledger.snapshot().node("n").orElseThrow();
    assertThat(node.contradictions()).isEmpty();
    assertThat(node.slices("gpu")).extracting(SliceState::freeWhole).containsExactly(false, true);
  }

  @Test
  void whatANodeDoesNotOfferIsGivenToNobodyAndLentToNobody() {
    node(slice(0, ""), slice(1, ""));

    assertThat(place(pod("p", MIG))).isInstanceOf(Verdict.Rejected.class);
    assertThat(ledger.snapshot().capacity().computeParts()).isZero();
  }

  @Test
  void aPodFromBeforeTheNodeChangedItsNamesIsStillChargedAndKeepsItsSlice() {
    ledger.apply(
        new Event.PodSeen(
            pod("p", MIG)
                .boundTo("n", new Assignment(5, List.of(Held.whole(MIG, List.of("MIG-0")))))));
    node(slice(0, "nvidia.com/gpu", new Holder("p", "team", "p", 0)), slice(1, "nvidia.com/gpu"));

    assertThat(usage().used().compute()).isEqualTo("1");
    assertThat(place(pod("q", GPU)))
        .isInstanceOfSatisfying(
            Verdict.Fits.class,
            fits -> assertThat(fits.held()).containsExactly(Held.whole(GPU, List.of("MIG-1"))));
  }

  @Test
  void aPodThatAnotherPluginPlacedIsChargedAndKeepsWhatTheReportShows() {
    node(slice(0, null, new Holder("p", "team", "p", 0)), slice(1, null));
    PodFact asked = pod("p", MIG);
    ledger.apply(
        new Event.PodSeen(
            new PodFact(
                asked.ref(),
                asked.version(),
                Optional.of("n"),
                Phase.RUNNING,
                0,
                asked.needs(),
                Optional.empty(),
                asked.traits())));

    assertThat(usage().used().compute()).isEqualTo("1");
    assertThat(ledger.snapshot().node("n").orElseThrow().contradictions()).isEmpty();
    assertThat(place(pod("q", MIG)))
        .isInstanceOfSatisfying(
            Verdict.Fits.class,
            fits -> assertThat(fits.held()).containsExactly(Held.whole(MIG, List.of("MIG-1"))));
  }

  @Test
  void aNameThatStandsForNoSliceIsReportedAndTheSliceLeftOut() {
    node(slice(0, "nvidia.com/gpus"));

    assertThat(ledger.snapshot().node("n").orElseThrow().contradictions())
        .containsExactly("slice MIG-0 is ignored: resource \"nvidia.com/gpus\"");
  }
}
