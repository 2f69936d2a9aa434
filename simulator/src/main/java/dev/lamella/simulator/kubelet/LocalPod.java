package dev.lamella.simulator.kubelet;

import io.kubernetes.client.openapi.models.V1Pod;
import java.time.Instant;

/**
 * A pod as this kubelet runs it.
 *
 * @param pod as admitted
 * @param stage how far it has come
 * @param ends when its containers end; null while they are not going to
 */
record LocalPod(V1Pod pod, Stage stage, Instant ends) {

  enum Stage {
    ADMITTING,
    RUNNING,
    /** Deleted, its containers still run. */
    STOPPING,
    /** No container runs, or ever did. */
    ENDED,
    /** Ended, and its removal from the API is under way. */
    REMOVED
  }

  /** Whether the pod holds its devices. */
  boolean active() {
    return stage.compareTo(Stage.ENDED) < 0;
  }

  boolean due(Instant now) {
    return ends != null && !ends.isAfter(now);
  }
}
