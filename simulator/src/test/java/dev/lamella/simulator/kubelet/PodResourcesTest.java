package dev.lamella.simulator.kubelet;

import static dev.lamella.simulator.kubelet.KubeletContract.SLICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lamella.proto.podresources.v1.AllocatableResourcesRequest;
import dev.lamella.proto.podresources.v1.ContainerDevices;
import dev.lamella.proto.podresources.v1.ContainerResources;
import dev.lamella.proto.podresources.v1.GetPodResourcesRequest;
import dev.lamella.proto.podresources.v1.ListPodResourcesRequest;
import dev.lamella.proto.podresources.v1.PodResources;
import dev.lamella.proto.podresources.v1.PodResourcesListerGrpc;
import dev.lamella.proto.podresources.v1.PodResourcesListerGrpc.PodResourcesListerBlockingStub;
import dev.lamella.simulator.kube.Await;
import dev.lamella.simulator.kube.ManualClock;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodResourcesTest {

  @TempDir Path folder;

  private EmbeddedKubeletSubject kubelet;
  private ScriptedPlugin plugin;
  private UnixSockets sockets;
  private ManagedChannel channel;
  private PodResourcesListerBlockingStub podResources;

  @BeforeEach
  void start() throws Exception {
    kubelet = new EmbeddedKubeletSubject(folder);
    plugin = new ScriptedPlugin(folder, SLICE, "a.sock");
    plugin.devices("s1", "s2", "bad-s3");
    plugin.register();
    Await.until(() -> "not registered", () -> kubelet.counts(SLICE).equals("3/2"));
    sockets = new UnixSockets("test");
    channel = sockets.dial(folder.resolve("pod-resources/kubelet.sock"));
    podResources = PodResourcesListerGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    sockets.close();
    plugin.close();
    kubelet.close();
  }

  private List<PodResources> list() {
    return podResources.list(ListPodResourcesRequest.getDefaultInstance()).getPodResourcesList();
  }

  @Test
  void listsWhatActivePodsHold() throws Exception {
    kubelet.put("holder", SLICE, "init:1", "sidecar:1", "main:1");
    KubeletSubject.Outcome outcome = kubelet.outcome("holder");
    PodResources pod = list().get(0);
    assertThat(pod.getName()).isEqualTo("holder");
    assertThat(pod.getNamespace()).isEqualTo("default");
    assertThat(pod.getContainersList())
        .extracting(ContainerResources::getName)
        .containsExactly("c1", "c2");
    assertThat(pod.getContainers(1).getDevicesList())
        .extracting(ContainerDevices::getResourceName)
        .containsExactly(SLICE);
    assertThat(pod.getContainers(1).getDevices(0).getDeviceIdsList())
        .isEqualTo(outcome.devices().get("c2"));
    kubelet.end("holder");
    assertThat(list()).isEmpty();
  }

  @Test
  void getsOnePod() throws Exception {
    kubelet.put("holder", SLICE, "main:1");
    kubelet.outcome("holder");
    GetPodResourcesRequest request =
        GetPodResourcesRequest.newBuilder().setPodNamespace("default").setPodName("holder").build();
    assertThat(podResources.get(request).getPodResources().getName()).isEqualTo("holder");
    assertThatThrownBy(() -> podResources.get(request.toBuilder().setPodName("absent").build()))
        .hasMessageContaining("pod absent in namespace default not found");
  }

  @Test
  void listsHealthyDevicesOneByOne() {
    assertThat(
            podResources
                .getAllocatableResources(AllocatableResourcesRequest.getDefaultInstance())
                .getDevicesList())
        .extracting(d -> d.getDeviceIds(0))
        .containsExactly("s1", "s2");
  }

  @Test
  void refusesCallsBeyondTheRate() {
    ManualClock clock = new ManualClock();
    RateLimit limit = new RateLimit(clock, 100, 10);
    for (int i = 0; i < 10; i++) {
      assertThat(limit.allow()).isTrue();
    }
    assertThat(limit.allow()).isFalse();
    clock.pass(Duration.ofMillis(10));
    assertThat(limit.allow()).isTrue();
    assertThat(limit.allow()).isFalse();
  }

  @Test
  void tellsACallerThatItAsksTooOften() {
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 100_000; i++) {
                list();
              }
            })
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
  }
}
