package dev.lamella.simulator.demo;

import dev.lamella.nvml.simulated.LayoutException;
import dev.lamella.nvml.simulated.LayoutFile;
import dev.lamella.simulator.apiserver.ApiServerOptions;
import io.kubernetes.client.openapi.ApiException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One run: from files to a cluster at rest. */
final class Demo implements AutoCloseable {

  private static final Duration READY_LIMIT = Duration.ofSeconds(60);
  private static final Duration SETTLE_LIMIT = Duration.ofSeconds(90);
  private static final Duration AGREE_LIMIT = Duration.ofSeconds(15);
  private static final long LOOK_MILLIS = 100;

  private final Closing closing;
  private final Consumer<String> progress;
  private final EmbeddedCluster cluster;
  private final ClusterView view;

  private Demo(
      Path nodes, Path folder, ApiServerOptions options, Consumer<String> progress, Closing closing)
      throws IOException, ApiException {
    this.closing = closing;
    this.progress = progress;
    cluster = EmbeddedCluster.start(nodes, folder, options, progress, closing);
    view = closing.add(new ClusterView(cluster));
  }

  /**
   * Starts a cluster and applies files to it, each after the one before has settled.
   *
   * @param nodes the layout file
   * @param files manifests
   * @param folder where the cluster has its files
   * @param options the API server's
   * @throws WrongInput if a file cannot be used; then nothing has been started
   * @throws DemoFailed if the cluster does not come to rest
   */
  static Demo run(
      Path nodes,
      List<Path> files,
      Path folder,
      ApiServerOptions options,
      Consumer<String> progress,
      Closing closing)
      throws IOException, ApiException, InterruptedException {
    try {
      LayoutFile.read(nodes);
    } catch (LayoutException e) {
      throw new WrongInput(e.getMessage());
    }
    List<List<Manifest>> manifests = Manifests.check(files);
    Demo demo = new Demo(nodes, folder, options, progress, closing);
    demo.awaitReady();
    for (int i = 0; i < files.size(); i++) {
      progress.accept("applying " + files.get(i).getFileName());
      Manifests.apply(demo.view.api(), manifests.get(i));
      progress.accept("settled: " + summary(demo.settle()));
    }
    return demo;
  }

  EmbeddedCluster cluster() {
    return cluster;
  }

  private void awaitReady() throws IOException, InterruptedException {
    long end = System.nanoTime() + READY_LIMIT.toNanos();
    Optional<String> missing = view.missing();
    while (missing.isPresent()) {
      if (System.nanoTime() > end) {
        throw new DemoFailed(
            "the cluster is not ready after %d s: %s"
                .formatted(READY_LIMIT.toSeconds(), missing.get()));
      }
      Thread.sleep(LOOK_MILLIS);
      missing = view.missing();
    }
    progress.accept("ready");
  }

  private List<PodState> settle() throws IOException, InterruptedException {
    long start = System.nanoTime();
    Settling settling = new Settling(start);
    List<PodState> pods = view.pods();
    while (!settling.settled(pods, view.complete(), System.nanoTime())) {
      if (System.nanoTime() - start > SETTLE_LIMIT.toNanos()) {
        throw new DemoFailed(
            "not settled after %d s: %s"
                .formatted(
                    SETTLE_LIMIT.toSeconds(),
                    pods.stream()
                        .filter(pod -> !pod.done())
                        .map(
                            pod ->
                                "%s/%s is %s: %s"
                                    .formatted(
                                        pod.namespace(), pod.name(), pod.phase(), pod.reason()))
                        .toList()));
      }
      Thread.sleep(LOOK_MILLIS);
      pods = view.pods();
    }
    return pods;
  }

  private static String summary(List<PodState> pods) {
    Map<String, Long> phases =
        pods.stream()
            .collect(Collectors.groupingBy(PodState::phase, TreeMap::new, Collectors.counting()));
    return phases.isEmpty()
        ? "no pods"
        : phases.entrySet().stream()
            .map(phase -> phase.getValue() + " " + phase.getKey().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
  }

  /**
   * What was placed where. Nodes report a little later than their kubelets act, so this waits until
   * all agree.
   *
   * @return with contradictions if they still do not after {@link #AGREE_LIMIT}
   */
  ClusterView.Look look() throws IOException, InterruptedException {
    long end = System.nanoTime() + AGREE_LIMIT.toNanos();
    ClusterView.Look look = view.look();
    while (!look.contradictions().isEmpty() && System.nanoTime() < end) {
      Thread.sleep(LOOK_MILLIS);
      look = view.look();
    }
    return look;
  }

  @Override
  public void close() {
    closing.close();
  }
}
