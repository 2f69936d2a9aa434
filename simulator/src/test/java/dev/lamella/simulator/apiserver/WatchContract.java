package dev.lamella.simulator.apiserver;

import static io.kubernetes.client.custom.V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.reflect.TypeToken;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.util.Watch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Call;
import org.junit.jupiter.api.Test;

/** Watches. */
interface WatchContract extends ContractCluster {

  private CoreV1Api.APIlistNamespacedPodRequest pods() {
    return core().listNamespacedPod(namespace()).watch(true).timeoutSeconds(20);
  }

  private String version() throws ApiException {
    return core().listNamespacedPod(namespace()).execute().getMetadata().getResourceVersion();
  }

  private Watch<V1Pod> watch(Call call) throws ApiException {
    return Watch.createWatch(client(), call, new TypeToken<Watch.Response<V1Pod>>() {}.getType());
  }

  /** The next events, as type and name. */
  private static List<String> next(Watch<V1Pod> watch, int count) {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Watch.Response<V1Pod> event = watch.next();
      events.add(event.type + " " + event.object.getMetadata().getName());
    }
    return events;
  }

  @Test
  default void aWatchTellsWhatHappensAfterAVersion() throws ApiException, IOException {
    create(pod("before"));
    String from = version();
    try (Watch<V1Pod> watch = watch(pods().resourceVersion(from).buildCall(null))) {
      create(pod("a"));
      patch("a", PATCH_FORMAT_JSON_MERGE_PATCH, "{\"metadata\":{\"labels\":{\"x\":\"1\"}}}");
      core().deleteNamespacedPod("a", namespace()).gracePeriodSeconds(0).execute();

      assertThat(next(watch, 2)).containsExactly("ADDED a", "MODIFIED a");
      Watch.Response<V1Pod> event = watch.next();
      if (event.type.equals("MODIFIED")) {
        // Upstream marks a pod as terminating first, also one that goes at once.
        assertThat(event.object.getMetadata().getDeletionTimestamp()).isNotNull();
        event = watch.next();
      }
      assertThat(event.type).isEqualTo("DELETED");
    }
  }

  @Test
  default void aWatchWithoutAVersionBeginsWithWhatIsThere() throws ApiException, IOException {
    create(pod("a"));
    try (Watch<V1Pod> watch = watch(pods().buildCall(null))) {
      assertThat(next(watch, 1)).containsExactly("ADDED a");
      create(pod("b"));
      assertThat(next(watch, 1)).containsExactly("ADDED b");
    }
  }

  @Test
  default void aBindingIsOneEvent() throws ApiException, IOException {
    create(pod("a"));
    String from = version();
    try (Watch<V1Pod> watch = watch(pods().resourceVersion(from).buildCall(null))) {
      bind(binding("a", "node-1"));
      Watch.Response<V1Pod> event = watch.next();

      assertThat(event.type).isEqualTo("MODIFIED");
      assertThat(event.object.getSpec().getNodeName()).isEqualTo("node-1");
      assertThat(event.object.getMetadata().getAnnotations())
          .containsEntry("lamella.dev/test", "bound");
    }
  }

  @Test
  default void whatBeginsOrCeasesToMatchIsAddedOrDeleted() throws ApiException, IOException {
    create(pod("a"));
    String from = version();
    Call bound = pods().resourceVersion(from).fieldSelector("spec.nodeName=node-1").buildCall(null);
    Call unbound = pods().resourceVersion(from).fieldSelector("spec.nodeName=").buildCall(null);
    Call labelled = pods().resourceVersion(from).labelSelector("x=1").buildCall(null);
    try (Watch<V1Pod> onNode = watch(bound);
        Watch<V1Pod> waiting = watch(unbound);
        Watch<V1Pod> withLabel = watch(labelled)) {
      bind(binding("a", "node-1"));
      patch("a", PATCH_FORMAT_JSON_MERGE_PATCH, "{\"metadata\":{\"labels\":{\"x\":\"1\"}}}");
      patch("a", PATCH_FORMAT_JSON_MERGE_PATCH, "{\"metadata\":{\"labels\":{\"x\":\"2\"}}}");

      assertThat(next(onNode, 3)).containsExactly("ADDED a", "MODIFIED a", "MODIFIED a");
      assertThat(next(waiting, 1)).containsExactly("DELETED a");
      assertThat(next(withLabel, 2)).containsExactly("ADDED a", "DELETED a");
    }
  }

  @Test
  default void aVersionThatIsForgottenIsGone() throws ApiException, IOException {
    try (Watch<V1Pod> watch = watch(pods().resourceVersion("1").buildCall(null))) {
      Watch.Response<V1Pod> event = watch.next();

      assertThat(event.type).isEqualTo("ERROR");
      assertThat(event.status.getCode()).isEqualTo(410);
      assertThat(event.status.getReason()).isEqualTo("Expired");
    }
  }

  @Test
  default void aWatchEndsWhenItsTimeIsOver() throws ApiException, IOException {
    String from = version();
    Call call =
        core()
            .listNamespacedPod(namespace())
            .watch(true)
            .resourceVersion(from)
            .timeoutSeconds(1)
            .buildCall(null);
    try (Watch<V1Pod> watch = watch(call)) {
      assertThat(watch.hasNext()).isFalse();
    }
  }

  @Test
  default void metadataAloneIsWatched() throws ApiException, IOException {
    create(pod("a"));
    Call call = pods().buildCall(null);
    String as = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    Call partial =
        client().getHttpClient().newCall(call.request().newBuilder().header("Accept", as).build());
    try (Watch<V1Pod> watch = watch(partial)) {
      Watch.Response<V1Pod> event = watch.next();

      assertThat(event.object.getKind()).isEqualTo("PartialObjectMetadata");
      assertThat(event.object.getMetadata().getName()).isEqualTo("a");
      assertThat(event.object.getSpec()).isNull();
    }
  }
}
