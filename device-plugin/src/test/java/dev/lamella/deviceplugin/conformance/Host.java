package dev.lamella.deviceplugin.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.deviceplugin.Wait;
import dev.lamella.deviceplugin.kubelet.FakeKubelet;
import dev.lamella.nvml.simulated.LayoutFile;
import dev.lamella.nvml.simulated.SimulatedNvml;
import dev.lamella.nvml.standin.StandinControl;
import dev.lamella.nvml.standin.StandinLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A machine: a kubelet's folder, a driver with its GPUs, and the daemon, each started when asked.
 */
final class Host implements AutoCloseable {

  static final String WHOLE = "nvidia.com/mig-1g.5gb";
  static final String SHARED = "nvidia.com/mig-1g.5gb.shared";
  static final String WHOLE_3G = "nvidia.com/mig-3g.20gb";
  static final String SHARED_3G = "nvidia.com/mig-3g.20gb.shared";

  /** Four of the smallest slices on one GPU. */
  static final String FOUR = a100("1g.5gb@0, 1g.5gb@1, 1g.5gb@2, 1g.5gb@3");

  private static final String NODE = "gpu-a";
  private static final String QUICK =
      "driver: {everySeconds: 1, deadlineSeconds: 2}\nhealth: {recoverAfterSeconds: %d}\n";

  private final Path dir;
  private final Path library;
  private final List<Daemon> daemons = new ArrayList<>();
  private final List<String> flags = new ArrayList<>(List.of("--standalone"));
  private FakeKubelet kubelet;
  private String settings = QUICK.formatted(300);

  private Host(Path dir) {
    this.dir = dir;
    this.library = dir.resolve("driver/libnvidia-ml.so.1");
  }

  /** A machine with neither a driver nor a kubelet. */
  static Host bare(Path dir) {
    return new Host(dir);
  }

  /** A machine with GPUs, in the notation of layout files, and a kubelet. */
  static Host with(Path dir, String gpus) throws IOException {
    Host host = new Host(dir);
    host.installDriver(gpus);
    host.startKubelet();
    return host;
  }

  static String a100(String slices) {
    return "{model: A100-SXM4-40GB, slices: [" + slices + "]}";
  }

  /** A driver appears, all at once. */
  void installDriver(String gpus) throws IOException {
    Path built = dir.resolve("driver.new").resolve(library.getFileName());
    Files.createDirectories(built.getParent());
    Files.copy(StandinLibrary.shared(), built, StandardCopyOption.REPLACE_EXISTING);
    control(gpus).writeFor(built);
    Files.move(built.getParent(), library.getParent());
  }

  void startKubelet() throws IOException {
    kubelet = FakeKubelet.start(dir);
  }

  FakeKubelet kubelet() {
    return kubelet;
  }

  /** Where the kubelet keeps plugins' sockets. */
  Path plugins() {
    return dir.resolve("device-plugins");
  }

  /** What a driver with these GPUs says, to be changed before it is written. */
  StandinControl control(String gpus) throws IOException {
    Path file = dir.resolve("nodes.yaml");
    Files.writeString(file, "nodes: [{name: " + NODE + ", gpus: [" + gpus + "]}]");
    return StandinControl.of(SimulatedNvml.of(LayoutFile.read(file).get(0)));
  }

  /** The driver shows other GPUs or slices from now on. */
  void repartition(String gpus) throws IOException {
    drive(control(gpus));
  }

  /** The driver does something else from now on. */
  void drive(StandinControl control) {
    control.writeFor(library);
  }

  /** Daemons started after this report to an API server. */
  Host reportingBy(Path kubeconfig) {
    flags.clear();
    flags.add("--kubeconfig=" + kubeconfig);
    return this;
  }

  Host recoveringAfter(int seconds) {
    settings = QUICK.formatted(seconds);
    return this;
  }

  /** Daemons started after this have the settings that hold without a file. */
  Host withDefaultSettings() {
    settings = "{}";
    return this;
  }

  /** Starts the daemon. */
  Daemon start() throws IOException {
    return started(Daemon.start(nextLog(), flags(0)));
  }

  /** Starts the daemon as an image does, from jars. */
  Daemon start(List<String> jvm, String classPath, int metricsPort) throws IOException {
    return started(Daemon.start(nextLog(), jvm, classPath, flags(metricsPort)));
  }

  private Path nextLog() {
    return dir.resolve("daemon-" + daemons.size() + ".log");
  }

  private Daemon started(Daemon daemon) {
    daemons.add(daemon);
    return daemon;
  }

  private List<String> flags(int metricsPort) throws IOException {
    Path config = dir.resolve("config.yaml");
    Files.writeString(config, settings);
    List<String> all = new ArrayList<>(flags);
    all.add("--node-name=" + NODE);
    all.add("--kubelet-dir=" + dir);
    all.add("--nvml=" + library);
    all.add("--config=" + config);
    all.add("--metrics-address=127.0.0.1:" + metricsPort);
    return all;
  }

  void awaitDevices(String resource, int count) throws Exception {
    Wait.until(() -> assertThat(kubelet.devices(resource)).as(resource).hasSize(count));
  }

  void awaitUnhealthy(String resource, Set<String> ids) throws Exception {
    Wait.until(() -> assertThat(kubelet.unhealthy(resource)).as(resource).isEqualTo(ids));
  }

  @Override
  public void close() {
    for (Daemon daemon : daemons) {
      daemon.close();
    }
    if (kubelet != null) {
      kubelet.close();
    }
  }
}
