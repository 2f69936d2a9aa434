package dev.lamella.simulator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.simulator.apiserver.EmbeddedApiServer;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.AppsV1Api;
import io.kubernetes.client.openapi.apis.BatchV1Api;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1DeploymentSpec;
import io.kubernetes.client.openapi.models.V1DeploymentStatus;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1JobSpec;
import io.kubernetes.client.openapi.models.V1LabelSelector;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodCondition;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1PodStatus;
import io.kubernetes.client.openapi.models.V1PodTemplateSpec;
import io.kubernetes.client.openapi.models.V1ReplicaSet;
import io.kubernetes.client.util.Config;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeploymentControllerTest {

  private static final String NAMESPACE = "default";
  private static final Duration LIMIT = Duration.ofSeconds(25);

  private final EmbeddedApiServer server = EmbeddedApiServer.start(0);
  private final ApiClient client = Config.fromUrl(server.uri().toString());
  private final AppsV1Api apps = new AppsV1Api(client);
  private final CoreV1Api core = new CoreV1Api(client);
  private DeploymentController controller;

  @BeforeEach
  void start() {
    controller = DeploymentController.start(server.uri(), Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    controller.close();
    server.close();
  }

  @Test
  void aDeploymentHasItsPodsUnderUpstreamsNames() throws Exception {
    apps.createNamespacedDeployment(NAMESPACE, deployment(3, "image:1")).execute();
    await(() -> active().size() == 3);
    List<V1Pod> pods = active();
    V1ReplicaSet set = apps.listNamespacedReplicaSet(NAMESPACE).execute().getItems().get(0);

    assertThat(set.getMetadata().getName()).matches("web-[a-z0-9]+");
    assertThat(pods)
        .allSatisfy(
            pod -> {
              assertThat(pod.getMetadata().getName())
                  .matches(set.getMetadata().getName() + "-[a-z0-9]{5}");
              assertThat(pod.getMetadata().getLabels()).containsKey("pod-template-hash");
              assertThat(pod.getMetadata().getOwnerReferences().get(0).getUid())
                  .isEqualTo(set.getMetadata().getUid());
            });
    await(() -> status().getReplicas() == 3);
  }

  @Test
  void itScalesAndReplaces() throws Exception {
    apps.createNamespacedDeployment(NAMESPACE, deployment(3, "image:1")).execute();
    await(() -> active().size() == 3);
    V1Pod failed = active().get(0);
    failed.setStatus(new V1PodStatus().phase("Failed"));
    core.replaceNamespacedPodStatus(failed.getMetadata().getName(), NAMESPACE, failed).execute();
    core.deleteNamespacedPod(active().get(0).getMetadata().getName(), NAMESPACE).execute();
    await(() -> active().size() == 3 && all().size() == 4);

    replace(deployment(1, "image:1"));
    await(() -> active().size() == 1);
    assertThat(all()).hasSize(2);
  }

  @Test
  void aNewTemplateReplacesThePodsAsTheyGetReady() throws Exception {
    apps.createNamespacedDeployment(NAMESPACE, deployment(4, "image:1")).execute();
    await(() -> active().size() == 4);
    makeReady(active());
    await(() -> Integer.valueOf(4).equals(status().getReadyReplicas()));

    replace(deployment(4, "image:2"));
    await(() -> images("image:2") == 2 && active().size() == 5);
    assertThat(images("image:1")).isEqualTo(3);
    await(
        () -> {
          makeReady(active());
          return images("image:2") == 4 && active().size() == 4;
        });
  }

  @Test
  void whatADeploymentOwnsGoesWithIt() throws Exception {
    apps.createNamespacedDeployment(NAMESPACE, deployment(2, "image:1")).execute();
    await(() -> active().size() == 2);
    apps.deleteNamespacedDeployment("web", NAMESPACE).execute();

    await(
        () ->
            all().isEmpty()
                && apps.listNamespacedReplicaSet(NAMESPACE).execute().getItems().isEmpty());
  }

  @Test
  void aJobRunsUntilEnoughHaveSucceeded() throws Exception {
    V1Container container = new V1Container().name("c").image("i");
    V1PodSpec pod = new V1PodSpec().restartPolicy("Never").addContainersItem(container);
    V1JobSpec spec = new V1JobSpec().completions(2).template(new V1PodTemplateSpec().spec(pod));
    BatchV1Api batch = new BatchV1Api(client);
    batch
        .createNamespacedJob(
            NAMESPACE, new V1Job().metadata(new V1ObjectMeta().name("work")).spec(spec))
        .execute();
    for (String phase : List.of("Failed", "Succeeded", "Succeeded")) {
      await(() -> active().size() == 1);
      V1Pod running = active().get(0);
      running.setStatus(new V1PodStatus().phase(phase));
      core.replaceNamespacedPodStatus(running.getMetadata().getName(), NAMESPACE, running)
          .execute();
    }
    await(
        () -> {
          V1Job job = batch.readNamespacedJob("work", NAMESPACE).execute();
          return !job.getStatus().getConditions().isEmpty();
        });
    V1Job job = batch.readNamespacedJob("work", NAMESPACE).execute();

    assertThat(job.getStatus().getConditions().get(0).getType()).isEqualTo("Complete");
    assertThat(job.getStatus().getSucceeded()).isEqualTo(2);
    assertThat(job.getStatus().getFailed()).isEqualTo(1);
    assertThat(all()).hasSize(3);
  }

  private static V1Deployment deployment(int replicas, String image) {
    Map<String, String> labels = Map.of("app", "web");
    V1PodSpec pod = new V1PodSpec().addContainersItem(new V1Container().name("c").image(image));
    return new V1Deployment()
        .metadata(new V1ObjectMeta().name("web"))
        .spec(
            new V1DeploymentSpec()
                .replicas(replicas)
                .selector(new V1LabelSelector().matchLabels(labels))
                .template(
                    new V1PodTemplateSpec().metadata(new V1ObjectMeta().labels(labels)).spec(pod)));
  }

  private void replace(V1Deployment deployment) throws ApiException {
    apps.replaceNamespacedDeployment("web", NAMESPACE, deployment).execute();
  }

  private V1DeploymentStatus status() throws ApiException {
    V1Deployment web = apps.readNamespacedDeployment("web", NAMESPACE).execute();
    return web.getStatus() == null ? new V1DeploymentStatus().replicas(0) : web.getStatus();
  }

  private void makeReady(List<V1Pod> pods) throws ApiException {
    for (V1Pod pod : pods) {
      if (!Workloads.ready(pod)) {
        V1PodCondition ready = new V1PodCondition().type("Ready").status("True");
        pod.setStatus(new V1PodStatus().phase("Running").addConditionsItem(ready));
        pod.getMetadata().setResourceVersion(null);
        core.replaceNamespacedPodStatus(pod.getMetadata().getName(), NAMESPACE, pod).execute();
      }
    }
  }

  private long images(String image) throws ApiException {
    return active().stream()
        .filter(pod -> pod.getSpec().getContainers().get(0).getImage().equals(image))
        .count();
  }

  private List<V1Pod> all() throws ApiException {
    return core.listNamespacedPod(NAMESPACE).execute().getItems();
  }

  private List<V1Pod> active() throws ApiException {
    return all().stream().filter(Workloads::active).toList();
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("time").isLessThan(end);
      Thread.sleep(20);
    }
  }
}
