package dev.lamella.simulator.apiserver;

import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.util.PatchUtils;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What Lamella relies on in a Kubernetes API server. A subclass names a cluster; what stands here
 * holds of upstream's server too. The cluster has Lamella's custom resource definitions; a
 * scheduler may run in it, kubelets and controllers need not.
 */
public abstract class KubernetesApiContract
    implements ObjectContract,
        PatchContract,
        PodContract,
        WatchContract,
        ListContract,
        StatusContract {

  private ApiClient client;
  private String namespace;

  /** A client of the cluster, which may do everything. */
  protected abstract ApiClient cluster() throws Exception;

  @BeforeEach
  void createNamespace() throws Exception {
    client = cluster();
    client.setHttpClient(
        client.getHttpClient().newBuilder().readTimeout(Duration.ofSeconds(30)).build());
    V1ObjectMeta meta = new V1ObjectMeta().generateName("contract-");
    V1Namespace created = core().createNamespace(new V1Namespace().metadata(meta)).execute();
    namespace = created.getMetadata().getName();
    defaultServiceAccount();
  }

  /** Upstream refuses pods without it, and a controller that makes it need not run. */
  private void defaultServiceAccount() throws ApiException {
    V1ObjectMeta meta = new V1ObjectMeta().name("default");
    try {
      core()
          .createNamespacedServiceAccount(namespace, new V1ServiceAccount().metadata(meta))
          .execute();
    } catch (ApiException e) {
      if (e.getCode() != 409) {
        throw e;
      }
    }
  }

  @AfterEach
  void deleteNamespace() throws ApiException {
    for (V1Pod pod : core().listNamespacedPod(namespace).execute().getItems()) {
      String name = pod.getMetadata().getName();
      String patch = "{\"metadata\":{\"finalizers\":null}}";
      PatchUtils.patch(
          V1Pod.class,
          () -> core().patchNamespacedPod(name, namespace, new V1Patch(patch)).buildCall(null),
          V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH,
          client);
      ContractCluster.codeOf(
          () -> core().deleteNamespacedPod(name, namespace).gracePeriodSeconds(0).execute());
    }
    core().deleteNamespace(namespace).execute();
  }

  @Override
  public ApiClient client() {
    return client;
  }

  @Override
  public String namespace() {
    return namespace;
  }

  @Override
  public final CoreV1Api core() {
    return new CoreV1Api(client);
  }
}
