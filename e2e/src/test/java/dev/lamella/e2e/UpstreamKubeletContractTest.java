package dev.lamella.e2e;

import dev.lamella.simulator.kubelet.KubeletContract;
import dev.lamella.simulator.kubelet.KubeletSubject;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** The embedded kubelet's contract on upstream's, a new one for each test. */
@ExtendWith(ClusterExtension.class)
class UpstreamKubeletContractTest extends KubeletContract {

  private static Cluster cluster;

  @BeforeAll
  static void use(Cluster shared) {
    cluster = shared;
  }

  @Override
  protected KubeletSubject start(Path folder) throws Exception {
    return UpstreamKubelet.start(cluster, folder);
  }
}
