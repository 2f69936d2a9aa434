package dev.lamella.deviceplugin.container;

import dev.lamella.deviceplugin.inventory.Inventory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what a container is given for its slices; answers from memory. What the host's files say is
 * read when the node changes.
 */
public final class Injector implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Injector.class);

  /** What NVIDIA's container runtime reads. */
  private static final String VISIBLE_DEVICES = "NVIDIA_VISIBLE_DEVICES";

  /** A folder in which it reads names of mounts instead. */
  private static final String MOUNTS = "/var/run/nvidia-container-devices";

  private final HostFiles files;
  private final CdiSpec spec;
  private volatile Delivery delivery;
  private volatile DeviceNodes nodes = DeviceNodes.none();

  public Injector(HostFiles files, Delivery delivery) {
    this.files = files;
    this.delivery = delivery;
    this.spec = new CdiSpec(files);
  }

  /**
   * Removes a spec that a daemon left behind.
   *
   * @throws IOException if it is there and cannot be removed
   */
  public static void removeSpec(HostFiles files) throws IOException {
    new CdiSpec(files).remove();
  }

  /**
   * The node is another, or containers are to get their devices otherwise: finds the device nodes
   * and writes the CDI spec, if they are asked for. A spec that is no longer asked for stays:
   * containers that restart need it.
   *
   * @throws IOException if the spec cannot be written: containers would not start
   */
  public synchronized void update(Inventory node, Delivery asked) throws IOException {
    find(node, asked);
    delivery = asked;
  }

  private void find(Inventory node, Delivery asked) throws IOException {
    if (!asked.cdi() && !asked.passDeviceSpecs()) {
      return;
    }
    DeviceNodes now = DeviceNodes.find(files.procRoot(), files.devRoot(), node.addresses());
    now.problems().stream()
        .filter(problem -> !nodes.problems().contains(problem))
        .forEach(problem -> LOG.warn("{}", problem));
    nodes = now;
    if (asked.cdi()) {
      spec.write(now, node.driverVersion());
    }
  }

  /**
   * @param slices UUIDs, each once, in the order in which the container shall see them
   */
  public Injection inject(List<String> slices) {
    Map<String, String> environment = new TreeMap<>();
    Map<String, String> mounts = new TreeMap<>();
    Map<String, String> annotations = new TreeMap<>();
    List<String> cdiDevices = new ArrayList<>();
    List<String> qualified = slices.stream().map(slice -> CdiSpec.KIND + "=" + slice).toList();
    Delivery how = delivery;
    for (ListStrategy strategy : how.strategies()) {
      switch (strategy) {
        case ENVVAR -> environment.put(VISIBLE_DEVICES, String.join(",", slices));
        case VOLUME_MOUNTS -> {
          environment.put(VISIBLE_DEVICES, MOUNTS);
          slices.forEach(slice -> mounts.put(MOUNTS + "/" + slice, "/dev/null"));
        }
        case CDI_ANNOTATIONS -> annotations.put(key(slices), String.join(",", qualified));
        case CDI_CRI -> cdiDevices.addAll(qualified);
      }
    }
    return new Injection(environment, mounts, specs(how, slices), annotations, cdiDevices);
  }

  /** The same slices always get the same key: a name is at most 63 characters long. */
  private static String key(List<String> slices) {
    byte[] text = String.join(",", slices).getBytes(StandardCharsets.UTF_8);
    return "cdi.k8s.io/lamella_" + UUID.nameUUIDFromBytes(text);
  }

  private List<String> specs(Delivery how, List<String> slices) {
    Set<String> paths = new LinkedHashSet<>();
    if (how.passDeviceSpecs()) {
      DeviceNodes now = nodes;
      paths.addAll(now.control());
      slices.forEach(slice -> paths.addAll(now.bySlice().getOrDefault(slice, List.of())));
    }
    return List.copyOf(paths);
  }

  @Override
  public synchronized void close() {
    if (files.removeCdiOnStop()) {
      try {
        spec.remove();
      } catch (IOException e) {
        LOG.warn("the CDI spec was not removed: {}", e.toString());
      }
    }
  }
}
