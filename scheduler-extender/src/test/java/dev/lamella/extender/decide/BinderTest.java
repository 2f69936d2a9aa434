package dev.lamella.extender.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.placement.PlacementPolicy;
import dev.lamella.extender.Await;
import dev.lamella.extender.Cluster;
import dev.lamella.extender.StandInApi;
import dev.lamella.extender.kube.KubeApi;
import dev.lamella.extender.kube.PodBinder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which the one write of a bind can end. One node with one slice. */
class BinderTest {

  private static final String BIND = "POST /api/v1/namespaces/team/pods/p/binding";
  private static final String READ = "GET /api/v1/namespaces/team/pods/p";
  private static final String TOUCH = "PATCH /api/v1/namespaces/team/pods/p";
  private static final String ASSIGNED =
      "{\\\"v\\\":1,\\\"boundAt\\\":1795303295446,\\\"held\\\":[{\\\"resource\\\":"
          + "\\\"nvidia.com/mig-1g.5gb\\\",\\\"slices\\\":[\\\"MIG-n-0\\\"]}]}";

  @TempDir Path dir;
  private final Clock clock = Clock.fixed(Instant.ofEpochMilli(1795303295446L), ZoneOffset.UTC);
  private final AtomicLong entitled = new AtomicLong(Long.MAX_VALUE);
  private StandInApi api;
  private KubeApi kube;
  private LedgerOwner owner;
  private Binder binder;

  @BeforeEach
  void start() throws IOException {
    api = new StandInApi().on(READ, 200, pod(7, ""));
    kube = KubeApi.open(Optional.of(api.kubeconfig(dir)));
    owner = new LedgerOwner();
    Cluster.node("n", 1).forEach(owner::accept);
    binder =
        new Binder(
            owner, new PodBinder(kube), PlacementPolicy.PACK, clock, entitled::get, (p, a) -> {});
    Await.until("node seen", () -> owner.snapshot().nodes().size() == 1);
  }

  @AfterEach
  void stop() {
    binder.close();
    owner.close();
    kube.close();
    api.close();
  }

  @Test
  void theBindingNamesTheVersionOfThePodThatWasDecidedOn() {
    api.on(BIND, 201, "{}");

    assertThat(bind()).isEmpty();
    assertThat(api.requests())
        .anyMatch(r -> r.contains("/binding") && r.contains("\"resourceVersion\":\"7\""));
  }

  @Test
  void aPodThatChangedMeanwhileIsBoundAsItIsNow() {
    api.on(READ, 200, pod(9, "")).on(BIND, 409, "{}").on(BIND, 201, "{}");

    assertThat(bind()).isEmpty();
    assertThat(api.requests())
        .anyMatch(r -> r.contains("/binding") && r.contains("\"resourceVersion\":\"9\""));
  }

  @Test
  void aConflictWithItsOwnEarlierAttemptIsABind() {
    api.on(READ, 200, pod(9, "n")).on(BIND, 409, "{}");

    assertThat(bind()).isEmpty();
    assertThat(free()).isZero();
  }

  @Test
  void aConflictWithABindElsewhereIsRefusedAndTheSliceGivenBack() {
    api.on(READ, 200, pod(9, "other")).on(BIND, 409, "{}");

    assertThat(bind()).hasValueSatisfying(why -> assertThat(why).contains("bound to other"));
    Await.until("given back", () -> free() == 1);
  }

  @Test
  void aWriteWhoseAnswerWasLostIsFoundByTouchingThePod() {
    api.on(BIND, 504, "{}").on(TOUCH, 200, pod(9, "n"));

    assertThat(bind()).isEmpty();
    assertThat(free()).isZero();
  }

  @Test
  void aWriteThatNeverCameIsGivenBackOnlyAfterThePodWasTouched() {
    api.on(BIND, 500, "{}").on(TOUCH, 503, "{}").on(TOUCH, 503, "{}").on(TOUCH, 200, pod(9, ""));

    assertThat(bind()).hasValueSatisfying(why -> assertThat(why).contains("did not confirm"));
    assertThat(free()).as("held while it is not known").isZero();
    assertThat(bind()).contains("what became of this pod's last bind is not known yet");
    Await.until("given back", () -> free() == 1);
    assertThat(api.requests().stream().filter(r -> r.startsWith("PATCH")).count()).isEqualTo(3);
  }

  @Test
  void nothingIsWrittenOnceAnotherReplicaMayLead() {
    api.on(BIND, 201, "{}");
    entitled.set(50);

    assertThat(bind()).hasValueSatisfying(why -> assertThat(why).contains("another replica leads"));
    assertThat(api.requests()).noneMatch(r -> r.contains("/binding"));
    Await.until("given back", () -> free() == 1);
  }

  private Optional<String> bind() {
    return binder.bind("u1", "team", "p", "n");
  }

  private long free() {
    return owner.snapshot().node("n").orElseThrow().slices().stream()
        .filter(slice -> slice.holds().isEmpty())
        .count();
  }

  private static String pod(int version, String node) {
    String annotations =
        node.equals("n")
            ? "\"annotations\":{\"lamella.dev/assignment\":\"" + ASSIGNED + "\"},"
            : "";
    return """
        {"metadata":{"name":"p","namespace":"team","uid":"u1",%s"resourceVersion":"%d"},
         "spec":{%s"containers":[{"name":"c",
           "resources":{"limits":{"nvidia.com/mig-1g.5gb":"1"}}}]},
         "status":{"phase":"Pending"}}
        """
        .formatted(annotations, version, node.isEmpty() ? "" : "\"nodeName\":\"" + node + "\",");
  }
}
