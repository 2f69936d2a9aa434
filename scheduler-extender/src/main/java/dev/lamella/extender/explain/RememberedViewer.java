package dev.lamella.extender.explain;

import dev.lamella.core.explain.Viewer;
import dev.lamella.core.pod.PodRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/**
 * A viewer whose permissions are asked for once a namespace: an answer can name thousands of pods.
 * Who may get only some pods of a namespace, by name, is believed for the first pods asked about.
 * For one request, by one thread.
 */
public final class RememberedViewer implements Viewer {

  private static final String EVERY_POD = "";
  private static final int NAMES_ASKED = 16;

  private final Permission permission;
  private final Map<String, Boolean> namespaces = new HashMap<>();
  private final Map<PodRef, Boolean> pods = new HashMap<>();

  /** Who knows what the caller may see. */
  @FunctionalInterface
  public interface Permission {

    /**
     * Whether the caller may get a pod.
     *
     * @param name empty for every pod of the namespace
     */
    boolean mayGetPod(String namespace, String name) throws IOException;
  }

  public RememberedViewer(Permission permission) {
    this.permission = permission;
  }

  /**
   * {@inheritDoc}
   *
   * @throws UncheckedIOException if nobody could say
   */
  @Override
  public boolean sees(PodRef pod) {
    boolean all = namespaces.computeIfAbsent(pod.namespace(), name -> ask(name, EVERY_POD));
    if (all) {
      return true;
    }
    PodRef named = new PodRef("", pod.namespace(), pod.name());
    if (!pods.containsKey(named) && pods.size() < NAMES_ASKED) {
      pods.put(named, ask(pod.namespace(), pod.name()));
    }
    return pods.getOrDefault(named, false);
  }

  private boolean ask(String namespace, String name) {
    try {
      return permission.mayGetPod(namespace, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
