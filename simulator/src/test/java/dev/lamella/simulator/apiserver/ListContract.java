package dev.lamella.simulator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists: selectors, pages, metadata only. */
interface ListContract extends ContractCluster {

  /** As kubectl asks. */
  String TABLE =
      "application/json;as=Table;v=v1;g=meta.k8s.io,"
          + "application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

  private V1Pod labelled(String name, String tier) {
    V1Pod pod = pod(name);
    pod.getMetadata().putLabelsItem("tier", tier);
    return pod;
  }

  private static List<String> names(V1PodList list) {
    return list.getItems().stream().map(pod -> pod.getMetadata().getName()).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "app=a                  | a",
        "app==a,tier=front      | a",
        "app!=a                 | b c d",
        "tier in (front, back)  | a b",
        "tier notin (front)     | b c d",
        "tier                   | a b c",
        "!tier                  | d",
        "app in (a,b),tier=back | b",
      })
  default void labelsSelect(String selector, String expected) throws ApiException {
    create(labelled("a", "front"));
    create(labelled("b", "back"));
    create(labelled("c", ""));
    create(pod("d"));

    assertThat(names(core().listNamespacedPod(namespace()).labelSelector(selector).execute()))
        .containsExactly(expected.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "spec.nodeName=node-1                           | a",
        "spec.nodeName=                                 | b",
        "spec.nodeName!=node-1                          | b",
        "metadata.name=b                                | b",
        "status.phase=Pending                           | a b",
        "spec.schedulerName=contract,spec.nodeName!=    | a",
      })
  default void fieldsSelect(String selector, String expected) throws ApiException {
    create(pod("a"));
    create(pod("b"));
    bind(binding("a", "node-1"));

    assertThat(names(core().listNamespacedPod(namespace()).fieldSelector(selector).execute()))
        .containsExactly(expected.split(" "));
  }

  @Test
  default void anUnknownFieldSelectsNothingButAnError() {
    assertThat(
            ContractCluster.codeOf(
                () -> core().listNamespacedPod(namespace()).fieldSelector("spec.x=1").execute()))
        .isEqualTo(400);
  }

  @Test
  default void pagesShowOneMoment() throws ApiException {
    for (String name : List.of("a", "b", "c")) {
      create(pod(name));
    }
    V1PodList first = core().listNamespacedPod(namespace()).limit(2).execute();
    create(pod("d"));
    V1PodList rest =
        core()
            .listNamespacedPod(namespace())
            .limit(2)
            ._continue(first.getMetadata().getContinue())
            .execute();

    assertThat(names(first)).containsExactly("a", "b");
    assertThat(names(rest)).containsExactly("c");
    assertThat(rest.getMetadata().getContinue()).isNull();
    assertThat(rest.getMetadata().getResourceVersion())
        .isEqualTo(first.getMetadata().getResourceVersion());
  }

  @Test
  default void metadataAloneIsServed() throws Exception {
    create(pod("a"));
    String path = "/api/v1/namespaces/" + namespace() + "/pods";
    String as = "application/json;as=%s;g=meta.k8s.io;v=v1";
    Raw list = send("GET", path, as.formatted("PartialObjectMetadataList"), null);
    Raw single = send("GET", path + "/a", as.formatted("PartialObjectMetadata"), null);
    Raw wrong = send("GET", path, as.formatted("PartialObjectMetadata"), null);

    assertThat(list.at("kind")).isEqualTo("PartialObjectMetadataList");
    assertThat(single.at("kind")).isEqualTo("PartialObjectMetadata");
    assertThat(single.body().has("spec")).isFalse();
    assertThat(single.body().getAsJsonObject("metadata").get("name").getAsString()).isEqualTo("a");
    assertThat(wrong.code()).isEqualTo(406);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/v1/namespaces           | Name Status Age",
        "/api/v1/nodes                | Name Status Roles Age Version",
        "/api/v1/pods                 | Name Ready Status Restarts Age",
        "/apis/apps/v1/deployments    | Name Ready Up-to-date Available Age",
        "/apis/apps/v1/replicasets    | Name Desired Current Ready Age",
        "/apis/lamella.dev/v1alpha1/gpunodes | Name Serving Driver Models Age",
        "/apis/lamella.dev/v1alpha1/tenants  | Name Class Priority Guaranteed Limit Used Borrowed"
            + " Pods Waiting Age",
      })
  default void tablesHaveTheColumnsThatKubectlShows(String path, String columns) throws Exception {
    Raw table = send("GET", path, TABLE, null);

    assertThat(table.at("kind")).isEqualTo("Table");
    assertThat(shown(table)).containsExactly(columns.split(" "));
  }

  @Test
  default void aPodIsARowOfItsTable() throws Exception {
    create(pod("a"));
    String path = "/api/v1/namespaces/" + namespace() + "/pods";

    for (String asked : List.of(path, path + "/a")) {
      JsonArray rows = send("GET", asked, TABLE, null).body().getAsJsonArray("rows");

      assertThat(rows).hasSize(1);
      JsonObject row = rows.get(0).getAsJsonObject();
      assertThat(row.getAsJsonObject("object").getAsJsonObject("metadata").get("name"))
          .isEqualTo(new JsonPrimitive("a"));
      assertThat(row.getAsJsonArray("cells").asList().subList(0, 4))
          .extracting(JsonElement::getAsString)
          .containsExactly("a", "0/1", "Pending", "0");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/v1                      | nodes                    | no     | null",
        "/api/v1                      | pods                     | po     | all",
        "/api/v1                      | resourcequotas           | quota  | null",
        "/api/v1                      | services                 | svc    | all",
        "/apis/apps/v1                | deployments              | deploy | all",
        "/apis/apps/v1                | replicasets              | rs     | all",
        "/apis/policy/v1              | poddisruptionbudgets     | pdb    | null",
        "/apis/autoscaling/v2         | horizontalpodautoscalers | hpa    | all",
        "/apis/batch/v1               | jobs                     | null   | all",
        "/apis/networking.k8s.io/v1   | networkpolicies          | netpol | null",
        "/apis/scheduling.k8s.io/v1   | priorityclasses          | pc     | null",
      },
      nullValues = "null")
  default void typesHaveTheShortNamesThatKubectlTakes(
      String path, String plural, String shortName, String category) throws Exception {
    JsonObject type =
        send("GET", path, "application/json", null)
            .body()
            .getAsJsonArray("resources")
            .asList()
            .stream()
            .map(JsonElement::getAsJsonObject)
            .filter(resource -> resource.get("name").getAsString().equals(plural))
            .findFirst()
            .orElseThrow();

    assertThat(only(type, "shortNames")).isEqualTo(shortName);
    assertThat(only(type, "categories")).isEqualTo(category);
  }

  private static String only(JsonObject type, String field) {
    return type.has(field) ? type.getAsJsonArray(field).get(0).getAsString() : null;
  }

  private static List<String> shown(Raw table) {
    return table.body().getAsJsonArray("columnDefinitions").asList().stream()
        .map(JsonElement::getAsJsonObject)
        .filter(column -> column.get("priority").getAsInt() == 0)
        .map(column -> column.get("name").getAsString())
        .toList();
  }
}
