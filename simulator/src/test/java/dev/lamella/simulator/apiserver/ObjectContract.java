package dev.lamella.simulator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoordinationV1Api;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1DeleteOptions;
import io.kubernetes.client.openapi.models.V1Lease;
import io.kubernetes.client.openapi.models.V1LeaseSpec;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Preconditions;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Creating, replacing and deleting. */
interface ObjectContract extends ContractCluster {

  default V1ConfigMap map(String name) {
    return new V1ConfigMap().metadata(new V1ObjectMeta().name(name)).data(Map.of("k", "1"));
  }

  default V1ConfigMap createMap(V1ConfigMap map) throws ApiException {
    return core().createNamespacedConfigMap(namespace(), map).execute();
  }

  @Test
  default void creationGivesIdentityAndVersion() throws ApiException {
    V1ObjectMeta meta = createMap(map("a")).getMetadata();

    assertThat(meta.getUid()).hasSize(36);
    assertThat(Long.parseLong(meta.getResourceVersion())).isPositive();
    assertThat(meta.getCreationTimestamp()).isNotNull();
    assertThat(meta.getNamespace()).isEqualTo(namespace());
  }

  @Test
  default void aNameIsGeneratedFromItsBeginning() throws ApiException {
    V1ConfigMap unnamed = new V1ConfigMap().metadata(new V1ObjectMeta().generateName("gen-"));
    String first = createMap(unnamed).getMetadata().getName();
    String second = createMap(unnamed).getMetadata().getName();

    assertThat(first).matches("gen-[a-z0-9]{5}").isNotEqualTo(second);
  }

  @Test
  default void creationIsRefusedWithAReason() throws ApiException {
    createMap(map("a"));
    V1ConfigMap unnamed = new V1ConfigMap().metadata(new V1ObjectMeta());

    assertThat(ContractCluster.codeOf(() -> createMap(map("a")))).isEqualTo(409);
    assertThat(ContractCluster.codeOf(() -> createMap(map("Not_A_Name")))).isEqualTo(422);
    assertThat(ContractCluster.codeOf(() -> createMap(unnamed))).isEqualTo(422);
    assertThat(
            ContractCluster.codeOf(
                () -> core().createNamespacedConfigMap("no-such", map("a")).execute()))
        .isEqualTo(404);
  }

  @Test
  default void aRefusalIsAStatus() throws Exception {
    Raw missing =
        send("GET", "/api/v1/namespaces/" + namespace() + "/pods/x", "application/json", null);
    Raw garbage =
        send("POST", "/api/v1/namespaces/" + namespace() + "/pods", "application/json", "{\"a\":");
    Raw unknown = send("GET", "/apis/apps/v1/nosuchthings", "*/*", null);

    assertThat(missing.code()).isEqualTo(404);
    assertThat(missing.at("kind")).isEqualTo("Status");
    assertThat(missing.at("reason")).isEqualTo("NotFound");
    assertThat(missing.at("message")).isEqualTo("pods \"x\" not found");
    assertThat(garbage.code()).isEqualTo(400);
    assertThat(garbage.at("reason")).isEqualTo("BadRequest");
    assertThat(unknown.code()).isEqualTo(404);
    assertThat(unknown.at("message")).isEqualTo("the server could not find the requested resource");
  }

  @Test
  default void aStaleReplacementIsAConflict() throws ApiException {
    V1ConfigMap old = createMap(map("a"));
    V1ConfigMap changed = map("a").data(Map.of("k", "2"));
    changed.getMetadata().setResourceVersion(old.getMetadata().getResourceVersion());
    V1ConfigMap now = core().replaceNamespacedConfigMap("a", namespace(), changed).execute();

    int stale =
        ContractCluster.codeOf(
            () -> core().replaceNamespacedConfigMap("a", namespace(), old).execute());

    assertThat(Long.parseLong(now.getMetadata().getResourceVersion()))
        .isGreaterThan(Long.parseLong(old.getMetadata().getResourceVersion()));
    assertThat(now.getMetadata().getUid()).isEqualTo(old.getMetadata().getUid());
    assertThat(stale).isEqualTo(409);
  }

  @Test
  default void aReplacementThatChangesNothingIsNoChange() throws ApiException {
    V1ConfigMap created = createMap(map("a"));
    V1ConfigMap same = core().replaceNamespacedConfigMap("a", namespace(), created).execute();

    assertThat(same.getMetadata().getResourceVersion())
        .isEqualTo(created.getMetadata().getResourceVersion());
  }

  @Test
  default void aLeaseIsReplacedOnlyByOneWhoSawIt() throws ApiException {
    CoordinationV1Api leases = new CoordinationV1Api(client());
    V1Lease lease =
        new V1Lease()
            .metadata(new V1ObjectMeta().name("leader"))
            .spec(new V1LeaseSpec().holderIdentity("a").leaseDurationSeconds(15));
    V1Lease created = leases.createNamespacedLease(namespace(), lease).execute();
    created.getSpec().setHolderIdentity("b");
    V1Lease taken = leases.replaceNamespacedLease("leader", namespace(), created).execute();

    assertThat(taken.getSpec().getHolderIdentity()).isEqualTo("b");
    created.getSpec().setHolderIdentity("c");
    assertThat(
            ContractCluster.codeOf(
                () -> leases.replaceNamespacedLease("leader", namespace(), created).execute()))
        .isEqualTo(409);
  }

  @Test
  default void deletionHonoursTheUidThatWasMeant() throws ApiException {
    String uid = createMap(map("a")).getMetadata().getUid();

    assertThat(ContractCluster.codeOf(() -> delete("a", "00000000-0000-0000-0000-000000000000")))
        .isEqualTo(409);
    assertThat(ContractCluster.codeOf(() -> delete("a", uid))).isEqualTo(200);
    assertThat(ContractCluster.codeOf(() -> delete("a", uid))).isEqualTo(404);
  }

  private Object delete(String name, String uid) throws ApiException {
    V1DeleteOptions options = new V1DeleteOptions().preconditions(new V1Preconditions().uid(uid));
    return core().deleteNamespacedConfigMap(name, namespace()).body(options).execute();
  }

  @Test
  default void aFinalizerHoldsADeletedObject() throws ApiException {
    V1ConfigMap held = map("a");
    held.getMetadata().addFinalizersItem("lamella.dev/test");
    createMap(held);
    try {
      core().deleteNamespacedConfigMap("a", namespace()).execute();
    } catch (IllegalArgumentException e) {
      // client-java expects a Status and gets the object that is still there.
      assertThat(e).hasMessageContaining("V1Status");
    }
    V1ConfigMap marked = core().readNamespacedConfigMap("a", namespace()).execute();

    assertThat(marked.getMetadata().getDeletionTimestamp()).isNotNull();
    marked.getMetadata().setFinalizers(null);
    core().replaceNamespacedConfigMap("a", namespace(), marked).execute();
    assertThat(
            ContractCluster.codeOf(
                () -> core().readNamespacedConfigMap("a", namespace()).execute()))
        .isEqualTo(404);
  }
}
