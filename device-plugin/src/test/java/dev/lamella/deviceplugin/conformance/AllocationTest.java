package dev.lamella.deviceplugin.conformance;

import static dev.lamella.deviceplugin.conformance.Host.FOUR;
import static dev.lamella.deviceplugin.conformance.Host.SHARED;
import static dev.lamella.deviceplugin.conformance.Host.WHOLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lamella.core.assignment.Assignment;
import dev.lamella.core.assignment.Held;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.Wait;
import dev.lamella.deviceplugin.api.FakeApiServer;
import dev.lamella.proto.deviceplugin.v1beta1.ContainerPreferredAllocationRequest;
import dev.lamella.proto.deviceplugin.v1beta1.PreferredAllocationRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kubelet is told to take, what containers get, and who is seen to hold it. */
class AllocationTest {

  @TempDir Path dir;
  private Host host;
  private FakeApiServer api;

  @AfterEach
  void stop() {
    host.close();
    if (api != null) {
      api.close();
    }
  }

  private void standalone() throws Exception {
    host = Host.with(dir, FOUR);
    host.start();
    awaitAll();
  }

  private void reporting() throws Exception {
    api = FakeApiServer.start();
    host = Host.with(dir, FOUR).reportingBy(api.kubeconfig(dir));
  }

  private void awaitAll() throws Exception {
    host.awaitDevices(WHOLE, 4);
    host.awaitDevices(SHARED, 16);
  }

  private List<String> preferred(Collection<String> available, Collection<String> must, int size) {
    return host.kubelet()
        .plugin(WHOLE)
        .getPreferredAllocation(
            PreferredAllocationRequest.newBuilder()
                .addContainerRequests(
                    ContainerPreferredAllocationRequest.newBuilder()
                        .addAllAvailableDeviceIDs(available)
                        .addAllMustIncludeDeviceIDs(must)
                        .setAllocationSize(size))
                .build())
        .getContainerResponses(0)
        .getDeviceIDsList();
  }

  private String visible(String resource, Collection<String> ids) {
    return host.kubelet().allocate(resource, ids).getEnvsOrThrow("NVIDIA_VISIBLE_DEVICES");
  }

  private static String slice(String device) {
    return device.split("::")[0];
  }

  private void bind(String name, String slice) {
    ResourceName resource = ResourceName.whole("1g.5gb");
    Held held = Held.whole(resource, List.of(slice));
    api.bind("team", name, "uid-" + name, new Assignment(10, List.of(held)).text());
  }

  /** Slices to the names of those who hold them, as GpuNode says. */
  private Map<String, Set<String>> reported() {
    Map<String, Set<String>> holders = new TreeMap<>();
    for (JsonNode slice : api.gpuNode().at("/status/gpus/0/slices")) {
      for (JsonNode holder : slice.path("holders")) {
        holders
            .computeIfAbsent(slice.get("uuid").asText(), uuid -> new TreeSet<>())
            .add(holder.get("name").asText());
      }
    }
    return holders;
  }

  @Test
  void thePreferenceIsPartOfWhatIsAvailableOfTheSizeAskedForAndKeepsWhatItMust() throws Exception {
    standalone();
    List<String> all = new ArrayList<>(host.kubelet().devices(WHOLE));

    for (int size = 1; size <= 4; size++) {
      for (String must : all) {
        assertThat(preferred(all, List.of(must), size)).hasSize(size).contains(must);
        assertThat(all).containsAll(preferred(all, List.of(must), size));
      }
    }
    assertThat(preferred(all.subList(2, 4), List.of(), 2))
        .containsExactlyInAnyOrderElementsOf(all.subList(2, 4));
  }

  @Test
  void podsOneAfterAnotherGetSlicesOfTheirOwnAndSharesArePacked() throws Exception {
    standalone();
    Set<String> whole = new TreeSet<>();
    for (String pod : List.of("team/a", "team/b")) {
      whole.addAll(host.kubelet().admit(pod, WHOLE, 1));
    }
    assertThat(whole).as("each pod a slice of its own").hasSize(2);

    Set<String> shared = new TreeSet<>();
    for (String pod : List.of("team/c", "team/d", "team/e", "team/f")) {
      Set<String> taken = host.kubelet().admit(pod, SHARED, 1);
      taken.forEach(id -> shared.add(slice(id)));
    }

    assertThat(shared).as("four shares fill one slice").hasSize(1);
    assertThat(whole).doesNotContainAnyElementsOf(shared);
    assertThat(visible(SHARED, List.of(shared.iterator().next() + "::0"))).isIn(shared);
  }

  @Test
  void ofTwoCallsAtOnceThatWouldMixModesOneIsRefused() throws Exception {
    standalone();
    for (String slice : host.kubelet().devices(WHOLE)) {
      CompletableFuture<Boolean> whole = attempt(WHOLE, slice);
      CompletableFuture<Boolean> share = attempt(SHARED, slice + "::2");

      assertThat(whole.get() ^ share.get()).as("exactly one of both is granted").isTrue();
    }
  }

  private CompletableFuture<Boolean> attempt(String resource, String id) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            host.kubelet().allocate(resource, Set.of(id));
            return true;
          } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
            return false;
          }
        });
  }

  @Test
  void anAssignmentIsFollowedAndTheReportAgreesWithTheKubeletsCheckpoint() throws Exception {
    reporting();
    host.start();
    awaitAll();
    List<String> slices = new ArrayList<>(host.kubelet().devices(WHOLE));
    Collections.reverse(slices);

    Map<String, Set<String>> expected = new TreeMap<>();
    for (int i = 0; i < 3; i++) {
      bind("p" + i, slices.get(i));
      assertThat(host.kubelet().admit("team/p" + i, WHOLE, 1)).containsExactly(slices.get(i));
      expected.put(slices.get(i), Set.of("p" + i));
    }

    Wait.until(() -> assertThat(reported()).isEqualTo(expected));
    host.kubelet().ended("team/p1");
    api.remove("uid-p1");
    expected.remove(slices.get(1));
    Wait.until(() -> assertThat(reported()).isEqualTo(expected));
  }

  @Test
  void aCrashedDaemonKnowsWhoHoldsWhatBeforeItsFirstAnswer() throws Exception {
    reporting();
    Daemon first = host.start();
    awaitAll();
    String slice = host.kubelet().devices(WHOLE).iterator().next();
    bind("p", slice);
    host.kubelet().admit("team/p", WHOLE, 1);
    Wait.until(() -> assertThat(reported()).containsOnlyKeys(slice));

    first.kill();
    host.awaitDevices(WHOLE, 0);
    int before = host.kubelet().registrations().size();
    host.start();
    Wait.until(() -> assertThat(host.kubelet().registrations()).hasSize(before + 2));

    // The pod's container may start again; nobody gets a share of its slice.
    assertThat(visible(WHOLE, Set.of(slice))).isEqualTo(slice);
    assertThatThrownBy(() -> host.kubelet().allocate(SHARED, Set.of(slice + "::0")))
        .hasMessageStartingWith("FAILED_PRECONDITION");
    awaitAll();
    Wait.until(() -> assertThat(reported()).isEqualTo(Map.of(slice, Set.of("p"))));
  }

  @Test
  void requestsThatMakeNoSenseGetAStatusThatSaysSoAndLeaveNothingBehind() throws Exception {
    standalone();
    String slice = host.kubelet().devices(WHOLE).iterator().next();
    Random random = new Random(7);

    for (List<String> ids : nonsense(slice, random)) {
      assertThatThrownBy(() -> host.kubelet().allocate(WHOLE, ids))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                assertThat(e.getStatus().getDescription()).isNotBlank();
              });
    }
    List<String> many = IntStream.range(0, 5_000).mapToObj(i -> "MIG-" + i).toList();
    assertThat(preferred(many, List.of(), 1)).isSubsetOf(many);

    // Nothing of what was refused is held: the slice goes in either mode.
    assertThat(visible(SHARED, Set.of(slice + "::0"))).isEqualTo(slice);
  }

  private static List<List<String>> nonsense(String slice, Random random) {
    List<List<String>> all = new ArrayList<>();
    all.add(List.of());
    all.add(List.of("MIG-nobody"));
    all.add(List.of(slice, "MIG-nobody"));
    all.add(List.of(slice + "::0"));
    all.add(List.of(""));
    all.add(List.of("\n\0ü" + "x".repeat(10_000)));
    all.add(IntStream.range(0, 5_000).mapToObj(i -> "MIG-" + i).toList());
    for (int i = 0; i < 50; i++) {
      all.add(
          List.of(
              random
                  .ints(1 + random.nextInt(40), 32, 0x2fff)
                  .mapToObj(Character::toString)
                  .collect(Collectors.joining())));
    }
    return all;
  }
}
