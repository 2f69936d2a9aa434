package dev.lamella.simulator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.PolicyV1Api;
import io.kubernetes.client.openapi.models.V1Binding;
import io.kubernetes.client.openapi.models.V1Eviction;
import io.kubernetes.client.openapi.models.V1LabelSelector;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodCondition;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudgetSpec;
import io.kubernetes.client.openapi.models.V1PodStatus;
import io.kubernetes.client.openapi.models.V1ResourceRequirements;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pods: what is filled in, binding, deletion, eviction. */
interface PodContract extends ContractCluster {

  private V1Pod asking(String name, Map<String, Quantity> limits, Map<String, Quantity> requests) {
    V1Pod pod = pod(name);
    pod.getSpec()
        .getContainers()
        .get(0)
        .setResources(new V1ResourceRequirements().limits(limits).requests(requests));
    return pod;
  }

  @Test
  default void aPodIsCompletedFromWhatItLeavesOut() throws ApiException {
    Map<String, Quantity> one = Map.of("nvidia.com/mig-1g.5gb", new Quantity("1"));
    V1Pod pod = create(asking("a", one, null));

    assertThat(pod.getStatus().getPhase()).isEqualTo("Pending");
    assertThat(pod.getSpec().getRestartPolicy()).isEqualTo("Always");
    assertThat(pod.getSpec().getTerminationGracePeriodSeconds()).isEqualTo(30);
    assertThat(pod.getSpec().getPriority()).isZero();
    assertThat(pod.getSpec().getContainers().get(0).getResources().getRequests()).isEqualTo(one);
  }

  @Test
  default void anExtendedResourceIsRequestedInWholeUnitsAndAsLimited() {
    String slice = "nvidia.com/mig-1g.5gb";
    Map<String, Quantity> one = Map.of(slice, new Quantity("1"));
    Map<String, Quantity> two = Map.of(slice, new Quantity("2"));
    Map<String, Quantity> half = Map.of(slice, new Quantity("500m"));

    assertThat(ContractCluster.codeOf(() -> create(asking("a", two, one)))).isEqualTo(422);
    assertThat(ContractCluster.codeOf(() -> create(asking("a", half, half)))).isEqualTo(422);
    assertThat(ContractCluster.codeOf(() -> create(asking("a", null, one)))).isEqualTo(422);
    assertThat(ContractCluster.codeOf(() -> create(asking("a", one, one)))).isEqualTo(200);
  }

  @Test
  default void anUnknownPriorityClassIsForbidden() {
    V1Pod pod = pod("a");
    pod.getSpec().setPriorityClassName("no-such-class");

    assertThat(ContractCluster.codeOf(() -> create(pod))).isEqualTo(403);
  }

  @Test
  default void aBindingSetsNodeAndAnnotations() throws ApiException {
    V1Pod before = create(pod("a"));
    bind(binding("a", "node-1"));
    V1Pod after = read("a");

    assertThat(after.getSpec().getNodeName()).isEqualTo("node-1");
    assertThat(after.getMetadata().getAnnotations()).containsEntry("lamella.dev/test", "bound");
    assertThat(after.getMetadata().getUid()).isEqualTo(before.getMetadata().getUid());
    assertThat(after.getStatus().getConditions())
        .filteredOn(condition -> condition.getType().equals("PodScheduled"))
        .extracting(V1PodCondition::getStatus)
        .containsExactly("True");
  }

  @Test
  default void aBindingIsRefusedIfTheWorldHasMoved() throws ApiException {
    V1Pod held = pod("deleted");
    held.getMetadata().addFinalizersItem("lamella.dev/test");
    create(held);
    core().deleteNamespacedPod("deleted", namespace()).execute();
    create(pod("a"));
    V1Binding other = binding("a", "node-1");
    other.getMetadata().setUid("00000000-0000-0000-0000-000000000000");

    assertThat(ContractCluster.codeOf(() -> attempt(other))).isEqualTo(409);
    assertThat(ContractCluster.codeOf(() -> attempt(binding("a", "node-1")))).isEqualTo(200);
    assertThat(ContractCluster.codeOf(() -> attempt(binding("a", "node-2")))).isEqualTo(409);
    assertThat(ContractCluster.codeOf(() -> attempt(binding("deleted", "n")))).isEqualTo(409);
    assertThat(ContractCluster.codeOf(() -> attempt(binding("missing", "n")))).isEqualTo(404);
    assertThat(read("a").getSpec().getNodeName()).isEqualTo("node-1");
  }

  private Object attempt(V1Binding binding) throws ApiException {
    bind(binding);
    return binding;
  }

  @Test
  default void anUnboundPodGoesAtOnceABoundOneWaitsForItsKubelet() throws ApiException {
    create(pod("unbound"));
    create(pod("bound"));
    bind(binding("bound", "node-1"));
    core().deleteNamespacedPod("unbound", namespace()).execute();
    core().deleteNamespacedPod("bound", namespace()).execute();

    assertThat(ContractCluster.codeOf(() -> read("unbound"))).isEqualTo(404);
    V1Pod terminating = read("bound");
    assertThat(terminating.getMetadata().getDeletionTimestamp()).isNotNull();
    assertThat(terminating.getMetadata().getDeletionGracePeriodSeconds()).isEqualTo(30);
    core().deleteNamespacedPod("bound", namespace()).gracePeriodSeconds(0).execute();
    assertThat(ContractCluster.codeOf(() -> read("bound"))).isEqualTo(404);
  }

  @Test
  default void anEvictionRespectsTheDisruptionBudget() throws ApiException {
    running("a");
    V1PodDisruptionBudgetSpec spec =
        new V1PodDisruptionBudgetSpec()
            .minAvailable(new IntOrString(1))
            .selector(new V1LabelSelector().putMatchLabelsItem("app", "a"));
    V1PodDisruptionBudget budget =
        new V1PodDisruptionBudget().metadata(new V1ObjectMeta().name("budget")).spec(spec);
    PolicyV1Api policy = new PolicyV1Api(client());
    policy.createNamespacedPodDisruptionBudget(namespace(), budget).execute();

    ApiException refused = catchThrowableOfType(ApiException.class, () -> evict("a"));
    assertThat(refused.getCode()).isEqualTo(429);
    assertThat(refused.getResponseBody()).contains("DisruptionBudget");
    assertThat(read("a").getMetadata().getDeletionTimestamp()).isNull();

    policy.deleteNamespacedPodDisruptionBudget("budget", namespace()).execute();
    evict("a");
    assertThat(read("a").getMetadata().getDeletionTimestamp()).isNotNull();
  }

  private void running(String name) throws ApiException {
    create(pod(name));
    bind(binding(name, "node-1"));
    V1Pod pod = read(name);
    V1PodCondition ready = new V1PodCondition().type("Ready").status("True");
    pod.setStatus(new V1PodStatus().phase("Running").addConditionsItem(ready));
    core().replaceNamespacedPodStatus(name, namespace(), pod).execute();
  }

  private void evict(String name) throws ApiException {
    V1Eviction eviction = new V1Eviction().metadata(new V1ObjectMeta().name(name));
    try {
      core().createNamespacedPodEviction(name, namespace(), eviction).execute();
    } catch (IllegalArgumentException e) {
      // client-java reads the answer, a Status, as an Eviction, and finds that it is none.
      assertThat(e).hasMessageContaining("V1Eviction");
    }
  }
}
