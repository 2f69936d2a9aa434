package dev.lamella.e2e;

import dev.lamella.simulator.apiserver.KubernetesApiContract;
import io.kubernetes.client.openapi.ApiClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** The embedded API server's contract on kube-apiserver. */
@ExtendWith(ClusterExtension.class)
class UpstreamApiContractTest extends KubernetesApiContract {

  private static Cluster cluster;

  @BeforeAll
  static void use(Cluster shared) {
    cluster = shared;
  }

  @Override
  protected ApiClient cluster() throws Exception {
    return cluster.plane().admin();
  }
}
