package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.api.LamellaApi;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.resource.ResourceName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pods that nobody placed, or that say of themselves where they belong. */
@ExtendWith(ClusterExtension.class)
class PastTheExtenderTest {

  private static final String NODE = "gpu-b";
  private static final ResourceName WHOLE = ResourceName.whole("1g.5gb");

  private Team team;
  private Team other;

  @BeforeEach
  void create(Cluster cluster) throws Exception {
    team = Team.create(cluster, "placed");
    other = Team.create(cluster, "forging");
  }

  @AfterEach
  void remove() {
    other.close();
    team.close();
  }

  /** All three slices of the profile on the node are held whole. */
  private void fill(Cluster cluster) throws Exception {
    for (String name : List.of("a", "b", "c")) {
      team.run(PodOf.asking(name, PodOf.WHOLE, 1).on(NODE));
    }
    Agreement.await(cluster, team);
  }

  @Test
  void aPodBoundByHandOntoSlicesInTheOtherModeIsRefused(Cluster cluster) throws Exception {
    fill(cluster);
    Map<String, String> before = cluster.gpuNode(NODE).held();
    other.create(PodOf.asking("by-hand", PodOf.SHARE, 1).leftAlone());
    cluster
        .kube()
        .post(
            other.path("pods/by-hand/binding"),
            Map.of(
                "metadata",
                Map.of("name", "by-hand"),
                "target",
                Map.of("kind", "Node", "name", NODE)));
    JsonNode failed = other.await("by-hand", "Failed");

    assertThat(failed.at("/status/reason").asText()).isEqualTo("UnexpectedAdmissionError");
    assertThat(failed.at("/status/message").asText())
        .contains("was asked for as Shared, but is held as Whole")
        .contains("delete the pod; let the scheduler extender place it")
        .doesNotContain("placed/");
    assertThat(cluster.gpuNode(NODE).held()).isEqualTo(before);
    Agreement.await(cluster, team);
  }

  @Test
  void aPodBoundByHandOntoWhatIsFreeHoldsItAndIsCounted(Cluster cluster) throws Exception {
    team.run(PodOf.asking("a", PodOf.WHOLE, 1).on(NODE));
    team.run(PodOf.asking("b", PodOf.WHOLE, 1).on(NODE));
    other.run(PodOf.asking("by-hand", PodOf.WHOLE, 1).boundTo(NODE));
    Eventually.succeeds(
        "three slices reported",
        () -> assertThat(profile(cluster)).allMatch(slice -> slice.mode().equals("Whole")));
    team.create(PodOf.asking("late", PodOf.SHARE, 1).on(NODE));

    Eventually.succeeds(
        "refusal",
        () ->
            assertThat(team.events("late")).anyMatch(e -> e.contains("no free share of a 1g.5gb")));
    other.delete("by-hand");
    team.delete("late");
    Eventually.succeeds(
        "a slice reported free",
        () -> assertThat(profile(cluster)).anyMatch(slice -> slice.mode().equals("Free")));
    team.run(PodOf.asking("later", PodOf.SHARE, 1).on(NODE));
    Agreement.await(cluster, team);
  }

  private static List<SliceStatus> profile(Cluster cluster) throws Exception {
    return cluster.gpuNode(NODE).slices().stream()
        .filter(slice -> slice.profile().equals("1g.5gb"))
        .toList();
  }

  private static String claiming(List<SliceStatus> slices) {
    List<String> uuids = slices.stream().map(SliceStatus::uuid).toList();
    return new Assignment(1, List.of(Held.whole(WHOLE, uuids))).text();
  }

  @Test
  void aForgedAssignmentChangesNothingForAnyoneElse(Cluster cluster) throws Exception {
    team.run(PodOf.asking("a", PodOf.WHOLE, 1).on(NODE));
    Set<String> ours = Agreement.slices(cluster, team, "a");
    String everything = claiming(profile(cluster));
    other.run(
        PodOf.named("asks-for-nothing")
            .plain("main")
            .boundTo(NODE)
            .annotated(LamellaApi.ASSIGNMENT, everything));
    other.run(
        PodOf.asking("asks-for-one", "nvidia.com/mig-3g.20gb", 1)
            .boundTo(NODE)
            .annotated(LamellaApi.ASSIGNMENT, everything));
    other.create(
        PodOf.asking("waits", "nvidia.com/mig-7g.40gb", 1)
            .leftAlone()
            .annotated(LamellaApi.ASSIGNMENT, everything));
    team.run(PodOf.asking("b", PodOf.WHOLE, 1).on(NODE));
    team.run(PodOf.asking("c", PodOf.SHARE, 1).on(NODE));
    Agreement.await(cluster, team);

    assertThat(Agreement.slices(cluster, team, "a")).isEqualTo(ours);
    assertThat(profile(cluster).stream().flatMap(slice -> slice.holders().stream()))
        .hasSize(3)
        .allMatch(holder -> holder.namespace().equals("placed"));
  }

  @Test
  void aForgedAssignmentIsReplacedWhenThePodIsBound(Cluster cluster) throws Exception {
    team.run(PodOf.asking("a", PodOf.WHOLE, 1).on(NODE));
    Set<String> ours = Agreement.slices(cluster, team, "a");
    SliceStatus wanted = cluster.gpuNode(NODE).slice(ours.iterator().next());
    JsonNode bound =
        other.run(
            PodOf.asking("covets", PodOf.WHOLE, 1)
                .on(NODE)
                .annotated(LamellaApi.ASSIGNMENT, claiming(List.of(wanted))));

    assertThat(bound.at("/metadata/annotations").path(LamellaApi.ASSIGNMENT).asText())
        .doesNotContain(wanted.uuid());
    Agreement.await(cluster, other);
    Agreement.await(cluster, team);
    assertThat(Agreement.slices(cluster, team, "a")).isEqualTo(ours);
  }
}
