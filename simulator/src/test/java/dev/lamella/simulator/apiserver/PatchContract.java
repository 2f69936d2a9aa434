package dev.lamella.simulator.apiserver;

import static io.kubernetes.client.custom.V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH;
import static io.kubernetes.client.custom.V1Patch.PATCH_FORMAT_JSON_PATCH;
import static io.kubernetes.client.custom.V1Patch.PATCH_FORMAT_STRATEGIC_MERGE_PATCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Pod;
import org.junit.jupiter.api.Test;

/** Patches. */
interface PatchContract extends ContractCluster {

  @Test
  default void aMergePatchAddsAndRemoves() throws ApiException {
    create(pod("a"));
    patch(
        "a",
        PATCH_FORMAT_JSON_MERGE_PATCH,
        "{\"metadata\":{\"annotations\":{\"x\":\"1\",\"y\":\"2\"}}}");
    V1Pod after =
        patch("a", PATCH_FORMAT_JSON_MERGE_PATCH, "{\"metadata\":{\"annotations\":{\"x\":null}}}");

    assertThat(after.getMetadata().getAnnotations()).containsOnlyKeys("y");
    assertThat(after.getMetadata().getLabels()).containsEntry("app", "a");
  }

  @Test
  default void aPatchOfAnOldVersionIsAConflict() throws ApiException {
    String old = create(pod("a")).getMetadata().getResourceVersion();
    patch("a", PATCH_FORMAT_JSON_MERGE_PATCH, "{\"metadata\":{\"labels\":{\"x\":\"1\"}}}");
    String stale =
        "{\"metadata\":{\"resourceVersion\":\"%s\",\"labels\":{\"x\":\"2\"}}}".formatted(old);

    assertThat(ContractCluster.codeOf(() -> patch("a", PATCH_FORMAT_JSON_MERGE_PATCH, stale)))
        .isEqualTo(409);
  }

  @Test
  default void aJsonPatchIsAllOrNothing() throws ApiException {
    create(pod("a"));
    String good =
        "[{\"op\":\"test\",\"path\":\"/metadata/labels/app\",\"value\":\"a\"},"
            + "{\"op\":\"add\",\"path\":\"/metadata/labels/tier~1x\",\"value\":\"1\"},"
            + "{\"op\":\"replace\",\"path\":\"/metadata/labels/app\",\"value\":\"b\"}]";
    String bad =
        "[{\"op\":\"add\",\"path\":\"/metadata/labels/gone\",\"value\":\"1\"},"
            + "{\"op\":\"test\",\"path\":\"/metadata/labels/app\",\"value\":\"a\"}]";
    V1Pod patched = patch("a", PATCH_FORMAT_JSON_PATCH, good);

    assertThat(patched.getMetadata().getLabels())
        .containsEntry("app", "b")
        .containsEntry("tier/x", "1");
    assertThat(ContractCluster.codeOf(() -> patch("a", PATCH_FORMAT_JSON_PATCH, bad)))
        .isEqualTo(422);
    assertThat(read("a").getMetadata().getLabels()).doesNotContainKey("gone");
  }

  @Test
  default void aStrategicPatchMergesContainersByName() throws ApiException {
    V1Pod two = pod("a");
    two.getSpec().addContainersItem(new V1Container().name("side").image("side:1"));
    create(two);
    V1Pod after =
        patch(
            "a",
            PATCH_FORMAT_STRATEGIC_MERGE_PATCH,
            "{\"spec\":{\"containers\":[{\"name\":\"side\",\"image\":\"side:2\"}]}}");

    assertThat(after.getSpec().getContainers())
        .extracting(V1Container::getName)
        .containsExactlyInAnyOrder("main", "side");
    assertThat(after.getSpec().getContainers())
        .extracting(V1Container::getImage)
        .contains("side:2");
  }

  @Test
  default void whatAPodRunsDoesNotChange() throws ApiException {
    create(pod("a"));
    String move = "{\"spec\":{\"nodeName\":\"somewhere\"}}";

    assertThat(ContractCluster.codeOf(() -> patch("a", PATCH_FORMAT_JSON_MERGE_PATCH, move)))
        .isEqualTo(422);
  }

  @Test
  default void aPatchOfAnUnknownFormIsRefused() throws ApiException {
    create(pod("a"));

    assertThat(ContractCluster.codeOf(() -> patch("a", "application/json", "{}"))).isEqualTo(415);
  }
}
