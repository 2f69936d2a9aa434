package dev.lamella.simulator.kubelet;

import io.kubernetes.client.openapi.ApiException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * A kubelet without containers: it registers its Node, serves device plugins over {@code
 * <dir>/device-plugins/kubelet.sock} and pod-resources over {@code
 * <dir>/pod-resources/kubelet.sock}, admits the pods bound to its node one at a time, and reports
 * them running. Allocation, the kubelet's own resource check and what is remembered across a
 * restart follow Kubernetes 1.36.
 *
 * <p>What differs: the Node's status is written every {@link KubeletOptions#nodeStatusPeriod}, and
 * as in the real one not at once when devices change; nothing is checked of a bound pod but its
 * resources; a pod removed from the API without waiting is gone here too; PreStartContainer is not
 * called. Pods may say how long their containers run and stop ({@code
 * simulator.lamella.dev/run-seconds}, {@code .../stop-seconds}, {@code .../exit-code}).
 *
 * <p>Closing it leaves the Node and its pods as they are, as when the process stops.
 */
public final class Kubelet implements AutoCloseable {

  private final URI kubeApi;
  private final String nodeName;
  private final Path directory;
  private final KubeletOptions options;
  private KubeletProcess process;

  private Kubelet(URI kubeApi, String nodeName, Path directory, KubeletOptions options) {
    this.kubeApi = kubeApi;
    this.nodeName = nodeName;
    this.directory = directory;
    this.options = options;
  }

  /** Starts a kubelet with the real one's periods; see the other {@code start}. */
  public static Kubelet start(URI kubeApi, String nodeName, Path kubeletDir)
      throws IOException, ApiException {
    return start(kubeApi, nodeName, kubeletDir, KubeletOptions.defaults());
  }

  /**
   * Starts a kubelet; when this returns its Node exists and both sockets accept calls.
   *
   * @param kubeletDir stands for /var/lib/kubelet; short, since a socket's path has at most 107
   *     characters
   * @throws IOException if the folder or its sockets cannot be made
   * @throws ApiException if the Node cannot be registered
   */
  public static Kubelet start(URI kubeApi, String nodeName, Path kubeletDir, KubeletOptions options)
      throws IOException, ApiException {
    Kubelet kubelet = new Kubelet(kubeApi, nodeName, kubeletDir, options);
    kubelet.open();
    return kubelet;
  }

  private synchronized void open() throws IOException, ApiException {
    process = new KubeletProcess(kubeApi, nodeName, directory, options, Clock.systemUTC());
    try {
      process.start();
    } catch (IOException | ApiException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Stops and starts on the same folder, as a restart of the service does. */
  public synchronized void restart() throws IOException, ApiException {
    close();
    open();
  }

  /** What a container of an active pod would have been started with; empty without devices. */
  public synchronized Optional<ContainerSettings> settings(String podUid, String container) {
    List<DeviceGrant> grants = devices().held(podUid, container);
    return grants.isEmpty()
        ? Optional.empty()
        : Optional.of(ContainerSettings.merge(grants.stream().map(DeviceGrant::settings).toList()));
  }

  private DeviceManager devices() {
    if (process == null) {
      throw new IllegalStateException("kubelet " + nodeName + " is closed");
    }
    return process.devices();
  }

  public String nodeName() {
    return nodeName;
  }

  @Override
  public synchronized void close() {
    if (process != null) {
      process.close();
      process = null;
    }
  }
}
