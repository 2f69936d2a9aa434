package dev.lamella.simulator.apiserver;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.Config;
import io.kubernetes.client.util.KubeConfig;
import java.io.StringReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on the embedded server. */
class EmbeddedApiContractTest extends KubernetesApiContract {

  private static EmbeddedApiServer server;

  @BeforeAll
  static void start() {
    server = EmbeddedApiServer.start(0);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  protected ApiClient cluster() throws Exception {
    return Config.fromConfig(KubeConfig.loadKubeConfig(new StringReader(server.kubeconfig())));
  }
}
