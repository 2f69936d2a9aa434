package dev.lamella.extender.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lamella.core.tenancy.NamespaceClaim;
import dev.lamella.core.tenancy.Quota;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.TenantClass;
import dev.lamella.core.tenancy.WholeSlices;
import dev.lamella.extender.config.WebhookConfig;
import dev.lamella.extender.webhook.PodMutation.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodMutationTest {

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final WebhookConfig NOTHING = WebhookConfig.DEFAULTS;
  private static final WebhookConfig BUNDLED =
      new WebhookConfig(
          "lamella-scheduler",
          List.of(new WebhookConfig.Requirement("nvidia.com/gpu.present", "In", List.of("true"))),
          List.of(
              new WebhookConfig.Toleration("nvidia.com/gpu", "Exists", null, "NoSchedule", null)));

  @Test
  void wholeSlicesBecomeAsManySharesOnDistinctSlices() throws Exception {
    JsonNode pod =
        pod("containers: [{name: a, resources: {limits: {cpu: 1, nvidia.com/mig-1g.5gb: 2}}}]");

    JsonNode after = after(tenant(WholeSlices.REWRITE), pod, NOTHING);

    assertThat(after)
        .isEqualTo(
            pod(
                "containers: [{name: a, resources: {limits: {cpu: 1,"
                    + " nvidia.com/mig-1g.5gb.shared: '2'}}}]",
                "annotations: {lamella.dev/distinct-slices: nvidia.com/mig-1g.5gb.shared}"));
  }

  @Test
  void everyContainerIsRewrittenAndWhatStoodBesideIsAdded() throws Exception {
    JsonNode pod =
        pod(
            """
            initContainers: [{name: i, resources: {limits: {nvidia.com/gpu: 1}}}]
            containers:
            - {name: a, resources: {limits: {nvidia.com/mig-1g.10gb.me: 1}}}
            - name: b
              resources:
                limits: {nvidia.com/mig-1g.5gb: 1, nvidia.com/mig-1g.5gb.shared: 2}
                requests: {nvidia.com/mig-1g.5gb: 1, nvidia.com/mig-1g.5gb.shared: 2}
            """,
            "annotations: {lamella.dev/distinct-slices: nvidia.com/gpu.shared, x: y}");

    assertThat(after(tenant(WholeSlices.REWRITE), pod, NOTHING))
        .isEqualTo(
            pod(
                """
                initContainers: [{name: i, resources: {limits: {nvidia.com/gpu.shared: '1'}}}]
                containers:
                - {name: a, resources: {limits: {nvidia.com/mig-1g.10gb.me.shared: '1'}}}
                - name: b
                  resources:
                    limits: {nvidia.com/mig-1g.5gb.shared: '3'}
                    requests: {nvidia.com/mig-1g.5gb.shared: '3'}
                """,
                "annotations: {lamella.dev/distinct-slices: 'nvidia.com/gpu.shared,"
                    + "nvidia.com/mig-1g.5gb.shared', x: y}"));
  }

  @Test
  void theOwnerIsToldWhatWasRewritten() throws Exception {
    Outcome outcome = PodMutation.of(tenant(WholeSlices.REWRITE), whole(), NOTHING);

    assertThat(((Outcome.Patched) outcome).warnings())
        .containsExactly(
            "tenant beta gets shares, not whole slices: container main gets"
                + " nvidia.com/mig-1g.5gb.shared in place of nvidia.com/mig-1g.5gb");
  }

  @Test
  void refuseNamesTheContainerAndTheShareToAskFor() throws Exception {
    assertThat(PodMutation.of(tenant(WholeSlices.REFUSE), whole(), NOTHING))
        .isEqualTo(
            new Outcome.Refused(
                "tenant beta gets shares, not whole slices: container main asks for"
                    + " nvidia.com/mig-1g.5gb, ask for nvidia.com/mig-1g.5gb.shared"));
  }

  @ParameterizedTest
  @EnumSource(WholeSlices.class)
  void aLatencyCriticalTenantsWholeSlicesStay(WholeSlices rule) throws Exception {
    Tenant alpha = tenant(TenantClass.LATENCY_CRITICAL, rule);

    assertThat(PodMutation.of(alpha, whole(), NOTHING)).isEqualTo(new Outcome.Untouched());
  }

  @ParameterizedTest
  @EnumSource(WholeSlices.class)
  void sharesStayWhatTheyAre(WholeSlices rule) throws Exception {
    JsonNode pod =
        pod("containers: [{name: a, resources: {limits: {nvidia.com/mig-1g.5gb.shared: 2}}}]");

    assertThat(PodMutation.of(tenant(rule), pod, NOTHING)).isEqualTo(new Outcome.Untouched());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "containers: [{name: a}]",
        "containers: [{name: a, resources: {limits: {cpu: 1, amd.com/gpu: 1}}}]",
        "{containers: [{name: a, resources: null}], schedulerName: other}",
        "{}",
      })
  void otherPodsAreNeverTouched(String spec) throws Exception {
    assertThat(PodMutation.of(tenant(WholeSlices.REFUSE), pod(spec), BUNDLED))
        .isEqualTo(new Outcome.Untouched());
  }

  @Test
  void aPodIsSentToTheBundledSchedulerAndToGpuNodes() throws Exception {
    JsonNode pod =
        pod(
            """
            schedulerName: default-scheduler
            tolerations: [{key: x, operator: Exists}]
            containers: [{name: a, resources: {limits: {nvidia.com/mig-1g.5gb: 1}}}]
            """);

    assertThat(after(tenant(WholeSlices.BORROW), pod, BUNDLED))
        .isEqualTo(
            pod(
                """
                schedulerName: lamella-scheduler
                tolerations:
                - {key: x, operator: Exists}
                - {key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}
                affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {
                  nodeSelectorTerms: [{matchExpressions: [
                    {key: nvidia.com/gpu.present, operator: In, values: ['true']}]}]}}}
                containers: [{name: a, resources: {limits: {nvidia.com/mig-1g.5gb: 1}}}]
                """));
  }

  @Test
  void eachAlternativeOfThePodsAffinityIsNarrowedAndAnEmptyOneStaysEmpty() throws Exception {
    String spec =
        """
        schedulerName: lamella-scheduler
        tolerations: [{key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}]
        containers: [{name: a, resources: {limits: {nvidia.com/mig-1g.5gb: 1}}}]
        affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [%s]}}}
        """;
    String gpu = "{key: nvidia.com/gpu.present, operator: In, values: ['true']}";
    String zone = "{key: zone, operator: In, values: [a]}";
    String field = "matchFields: [{key: metadata.name, operator: In, values: [n]}]";
    JsonNode pod =
        pod(
            spec.formatted(
                "{matchExpressions: [" + zone + "]}, {" + field + "}, {matchExpressions: []}"));

    assertThat(after(tenant(WholeSlices.BORROW), pod, BUNDLED))
        .isEqualTo(
            pod(
                spec.formatted(
                    "{matchExpressions: [%s, %s]}, {%s, matchExpressions: [%s]}, {matchExpressions: []}"
                        .formatted(zone, gpu, field, gpu))));
  }

  @Test
  void aForeignSchedulerIsRefused() throws Exception {
    JsonNode pod =
        pod(
            "{schedulerName: volcano, containers: [{name: a, resources: {requests:"
                + " {nvidia.com/gpu.shared: 1}}}]}");

    assertThat(PodMutation.of(tenant(WholeSlices.BORROW), pod, BUNDLED))
        .isEqualTo(
            new Outcome.Refused(
                "spec.schedulerName is volcano, but pods that ask for nvidia.com/gpu.shared are"
                    + " placed by lamella-scheduler: leave it out"));
    assertThat(PodMutation.of(tenant(WholeSlices.BORROW), pod, NOTHING))
        .isEqualTo(new Outcome.Untouched());
  }

  @Test
  void askedAgainItChangesNothing() throws Exception {
    JsonNode pod = pod("containers: [{name: a, resources: {limits: {nvidia.com/mig-1g.5gb: 2}}}]");
    JsonNode once = after(tenant(WholeSlices.REWRITE), pod, BUNDLED);

    assertThat(PodMutation.of(tenant(WholeSlices.REWRITE), once, BUNDLED))
        .isEqualTo(new Outcome.Untouched());
  }

  @Test
  void aQuantityThatIsNoNumberOfDevicesIsNamed() throws Exception {
    JsonNode pod =
        pod("containers: [{name: a, resources: {limits: {nvidia.com/mig-1g.5gb: 500m}}}]");

    assertThat(PodMutation.of(tenant(WholeSlices.REWRITE), pod, NOTHING))
        .isEqualTo(
            new Outcome.Refused(
                "nvidia.com/mig-1g.5gb is 500m, expected a whole number of devices"));
  }

  private static JsonNode whole() throws Exception {
    return pod("containers: [{name: main, resources: {limits: {nvidia.com/mig-1g.5gb: '1'}}}]");
  }

  private static JsonNode pod(String spec) throws Exception {
    return pod(spec, "name: p");
  }

  private static JsonNode pod(String spec, String metadata) throws Exception {
    ObjectNode pod = YAML.createObjectNode();
    pod.set("metadata", YAML.readTree(metadata));
    pod.set("spec", YAML.readTree(spec));
    // As it comes off the wire, where a number is a number whatever it was made from.
    return YAML.readTree(YAML.writeValueAsBytes(pod));
  }

  private static Tenant tenant(WholeSlices rule) {
    return tenant(TenantClass.BEST_EFFORT, rule);
  }

  private static Tenant tenant(TenantClass tenantClass, WholeSlices rule) {
    return new Tenant(
        "beta", NamespaceClaim.byName("beta"), tenantClass, 0, "default", rule, Quota.NONE);
  }

  private static JsonNode after(Tenant tenant, JsonNode pod, WebhookConfig settings)
      throws Exception {
    JsonNode after = pod.deepCopy();
    for (JsonNode operation : ((Outcome.Patched) PodMutation.of(tenant, pod, settings)).patch()) {
      JsonPointer path = JsonPointer.compile(operation.path("path").asText());
      ObjectNode parent = (ObjectNode) after.at(path.head());
      String field = path.last().getMatchingProperty();
      switch (operation.path("op").asText()) {
        case "add" -> parent.set(field, operation.path("value"));
        case "remove" -> assertThat(parent.remove(field)).isNotNull();
        default -> throw new AssertionError(operation);
      }
    }
    if (after.path("metadata").has("annotations")) {
      ((ObjectNode) after.path("metadata")).remove("name");
    }
    return YAML.readTree(YAML.writeValueAsBytes(after));
  }
}
