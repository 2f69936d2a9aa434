package dev.lamella.extender.leader;

import dev.lamella.extender.decide.Fence;
import dev.lamella.extender.kube.ClusterWatch;
import dev.lamella.extender.kube.KubeApi;
import dev.lamella.extender.kube.LeaseApi;
import dev.lamella.extender.kube.PodWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/** Starts the competition for the lease. */
public final class Replicas {

  private static final Duration RELIST = Duration.ofSeconds(60);

  private Replicas() {}

  /**
   * Competes.
   *
   * @param namespace of this replica's pod and of the lease
   * @param pod this replica's pod; empty if it runs in none
   * @param lease the lease's name
   * @param seconds the lease's duration
   */
  public static Leadership compete(
      KubeApi api,
      String namespace,
      String pod,
      String lease,
      int seconds,
      ClusterWatch watch,
      Fence fence,
      Clock clock) {
    Replica self = Replica.of(namespace, pod, UUID.randomUUID().toString());
    Election election =
        new Election(
            new LeaseApi(api, namespace, lease), self.identity(), seconds, clock, System::nanoTime);
    return Leadership.start(
        election,
        self,
        new PodWriter(api),
        watch::current,
        () -> {
          watch.relist(RELIST);
          fence.raise();
        });
  }
}
