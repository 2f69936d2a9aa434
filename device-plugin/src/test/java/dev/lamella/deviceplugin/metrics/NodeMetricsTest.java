package dev.lamella.deviceplugin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.api.Condition;
import dev.lamella.core.api.GpuNodeStatus;
import dev.lamella.core.api.GpuStatus;
import dev.lamella.core.api.Holder;
import dev.lamella.core.api.SliceStatus;
import dev.lamella.core.resource.DeviceId;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.deviceplugin.allocation.Hold;
import dev.lamella.deviceplugin.allocation.PodName;
import dev.lamella.deviceplugin.inventory.SliceAddress;
import dev.lamella.deviceplugin.usage.Attribution;
import dev.lamella.deviceplugin.usage.BoardUsage;
import dev.lamella.deviceplugin.usage.PodUsage;
import dev.lamella.deviceplugin.usage.Sample;
import dev.lamella.deviceplugin.usage.SliceUsage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeMetricsTest {

  private static final ResourceName SHARED = ResourceName.shared("1g.10gb");
  private static final Instant AT = Instant.parse("2030-01-01T00:00:00Z");
  private static final long GIB = 1L << 30;

  private Picture picture = node(8, 7, 4, true);
  private final NodeMetrics metrics = new NodeMetrics("gpu-a", () -> picture);

  @Test
  void theNamesTypesLabelsAndTextsAreTheDocumentedOnes() {
    metrics.allocated(SHARED.text(), "granted");
    metrics.answered("allocate", SHARED.text(), 1_000_000);
    metrics.fellBack(SHARED.text());
    metrics.registered(SHARED.text(), true);
    metrics.nvmlCalled("uuid", 1_000);
    metrics.nvmlFailed("nvmlDeviceGetUUID", "UNKNOWN");
    metrics.xid("MIG-0-0", 94);

    String table = Golden.table(metrics.registry());

    assertThat(new Golden("node metrics").documented(table))
        .as(
            "docs/reference.md lists the node's metrics. If the change is meant, say so in the"
                + " commit and write the list anew: ./mvnw -o -pl device-plugin -am test"
                + " -Dtest=NodeMetricsTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dlamella.golden=write")
        .isEqualTo(table);
  }

  @Test
  void everyPodOfASharedSliceHasASeries() throws Exception {
    picture = node(1, 1, 4, true);

    assertThat(scrape("").lines().filter(line -> line.startsWith("lamella_slice_held_ratio{")))
        .hasSize(4)
        .allMatch(line -> line.contains("slice=\"MIG-0-0\"") && line.endsWith(" 0.25"));
  }

  @Test
  void dcgmsLabelsStandBesideOurs() throws Exception {
    assertThat(scrape(""))
        .contains(
            "lamella_slice_memory_used_bytes{node=\"gpu-a\",gpu=\"3\",UUID=\"GPU-3\","
                + "modelName=\"NVIDIA H100-80GB\",slice=\"MIG-3-2\",profile=\"1g.10gb\","
                + "GPU_I_PROFILE=\"1g.10gb\",GPU_I_ID=\"9\",mode=\"Shared\",} 1.073741824E9");
  }

  @Test
  void whatIsGoneHasNoSeriesAnyMore() throws Exception {
    metrics.xid("MIG-0-0", 94);
    assertThat(scrape("")).contains("MIG-0-0", "pod-0-0-0");
    picture = node(0, 0, 0, true);

    assertThat(scrape("")).doesNotContain("MIG-0-0").doesNotContain("pod-0-0-0");
  }

  @Test
  void whatCannotBeToldIsAbsentAndNotZero() throws Exception {
    picture = node(1, 1, 4, false);

    assertThat(scrape("").lines().filter(line -> !line.startsWith("#")))
        .noneMatch(
            line ->
                line.matches(
                    "lamella_slice_(sm|tensor|dram|engine|pod_memory|unattributed|memory_used)"
                        + ".*|lamella_gpu_.*|lamella_node_sample_timestamp.*"))
        .anyMatch(line -> line.contains("state=\"unknown\""));
  }

  @Test
  void openMetricsAreServedToWhoAcceptsThem() throws Exception {
    assertThat(scrape("application/openmetrics-text; version=1.0.0"))
        .endsWith("# EOF\n")
        .contains("# TYPE lamella_slice_pod_budget_exceeded counter");
    assertThat(scrape("text/plain")).doesNotContain("# EOF");
  }

  /** 8 boards of 7 slices with 4 shares, each held by a pod. */
  @Test
  void aScrapeIsCheap() throws Exception {
    long[] nanos = new long[200];
    String text = "";
    for (int i = 0; i < nanos.length; i++) {
      long started = System.nanoTime();
      text = scrape("");
      nanos[i] = System.nanoTime() - started;
    }
    long[] warm = Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length);
    Arrays.sort(warm);
    long series = text.lines().filter(line -> !line.startsWith("#")).count();
    System.out.printf(
        "scrape of 56 slices with 224 pods: %d series, %d KiB, median %.2f ms, p90 %.2f ms%n",
        series, text.length() >> 10, warm[warm.length / 2] / 1e6, warm[warm.length * 9 / 10] / 1e6);

    assertThat(series).isBetween(56L * 13 + 224L * 5, 56L * 20 + 224L * 5 + 100);
    // A quarter of them: what a scrape costs when nobody else needs the processor.
    assertThat(warm[warm.length / 4]).as("in nanoseconds").isLessThan(10_000_000);
  }

  private MetricsServer server;

  private String scrape(String accept) throws IOException, InterruptedException {
    if (server == null) {
      server = MetricsServer.start(new InetSocketAddress("127.0.0.1", 0), metrics, Optional::empty);
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + server.address().getPort() + "/metrics"));
    if (!accept.isEmpty()) {
      request.header("Accept", accept);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
  }

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static Picture node(int gpus, int slices, int shares, boolean measured) {
    List<GpuStatus> boards = new ArrayList<>();
    Map<String, SliceAddress> addresses = new HashMap<>();
    Map<String, Instant> since = new HashMap<>();
    List<Hold> holds = new ArrayList<>();
    List<Picture.PodMemory> pods = new ArrayList<>();
    Map<String, SliceUsage> usages = new HashMap<>();
    Map<String, BoardUsage> power = new HashMap<>();
    for (int g = 0; g < gpus; g++) {
      List<SliceStatus> on = new ArrayList<>();
      for (int s = 0; s < slices; s++) {
        String slice = "MIG-" + g + "-" + s;
        List<Holder> holders = new ArrayList<>();
        for (int k = 0; k < shares; k++) {
          PodName pod = new PodName("team-" + k, "pod-" + g + "-" + s + "-" + k);
          String uid = "uid-" + pod.name();
          holders.add(new Holder(uid, pod.namespace(), pod.name(), 1));
          holds.add(
              new Hold(
                  SHARED,
                  DeviceId.share(slice, k),
                  Optional.of(uid),
                  Optional.of(pod),
                  true,
                  "main",
                  0));
          pods.add(new Picture.PodMemory(new PodUsage(slice, pod, uid, GIB / 4, 10 * GIB / 4), 0));
        }
        on.add(status(slice, s, shares, holders));
        since.put(slice, AT);
        addresses.put(
            slice,
            new SliceAddress(
                "GPU-" + g, OptionalInt.of(g), OptionalInt.of(7 + s), OptionalInt.of(0)));
        usages.put(slice, usage());
      }
      boards.add(new GpuStatus("GPU-" + g, "H100-80GB", true, 0, on));
      power.put(
          "GPU-" + g,
          new BoardUsage(
              OptionalDouble.of(300),
              OptionalDouble.of(60),
              OptionalDouble.of(0.5),
              OptionalDouble.of(0.5)));
    }
    Condition ready = new Condition("Ready", "True", "Serving", "", AT.toString());
    GpuNodeStatus report = new GpuNodeStatus(true, "575.57.08", "1", boards, List.of(ready));
    Sample sample = measured ? new Sample(AT, Attribution.BY_POD, usages, power) : Sample.NONE;
    return new Picture(report, addresses, since, holds, sample, measured ? pods : List.of());
  }

  private static SliceStatus status(String uuid, int start, int shares, List<Holder> holders) {
    return new SliceStatus(
        uuid, "1g.10gb", 1, 9_728, start, 1, "Healthy", "Shared", shares, holders);
  }

  private static SliceUsage usage() {
    Map<String, Double> activity = new TreeMap<>();
    List.of("graphics", "sm", "sm_occupancy", "tensor", "dram_bandwidth")
        .forEach(what -> activity.put(what, 0.5));
    return new SliceUsage(
        Optional.of(new SliceUsage.Memory(10 * GIB, GIB, 9 * GIB)),
        new TreeMap<>(),
        0,
        new TreeMap<>(activity));
  }
}
