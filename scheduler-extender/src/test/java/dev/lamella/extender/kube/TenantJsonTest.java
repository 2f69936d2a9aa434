package dev.lamella.extender.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lamella.core.tenancy.LabelRequirement;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.TenantClass;
import dev.lamella.core.tenancy.WholeSlices;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantJsonTest {

  @Test
  void readsTheContractsExample() throws Exception {
    Tenant tenant =
        read(
            """
            metadata: {name: team-alpha, resourceVersion: "7"}
            spec:
              namespaces: [team-alpha]
              class: LatencyCritical
              priority: 1000
              cohort: serving
              quota:
                guaranteed: {computeSlices: "4", memory: 20Gi}
                limit:      {computeSlices: "7"}
                profiles:   {1g.5gb: 7}
                pods: 20
            """);

    assertThat(tenant.name()).isEqualTo("team-alpha");
    assertThat(tenant.claim().names()).containsExactly("team-alpha");
    assertThat(tenant.tenantClass()).isEqualTo(TenantClass.LATENCY_CRITICAL);
    assertThat(tenant.priority()).isEqualTo(1000);
    assertThat(tenant.cohort()).isEqualTo("serving");
    assertThat(tenant.wholeSlices()).isEqualTo(WholeSlices.BORROW);
    assertThat(tenant.quota().guaranteed().orElseThrow())
        .hasToString("4 compute slices, 20480 MiB");
    assertThat(tenant.quota().limit()).hasToString("7 compute slices");
    assertThat(tenant.quota().profiles()).containsEntry("1g.5gb", 7);
    assertThat(tenant.quota().pods()).hasValue(20);
  }

  @Test
  void readsSelectorsWhole() throws Exception {
    Tenant tenant =
        read(
            """
            metadata: {name: t}
            spec:
              class: BestEffort
              namespaceSelector:
                matchLabels: {team: a}
                matchExpressions:
                - {key: tier, operator: NotIn, values: [test, dev]}
                - {key: gpu, operator: Exists}
            """);

    assertThat(tenant.claim().labels())
        .containsExactly(
            new LabelRequirement("gpu", LabelRequirement.Operator.EXISTS, Set.of()),
            LabelRequirement.equal("team", "a"),
            new LabelRequirement("tier", LabelRequirement.Operator.NOT_IN, Set.of("dev", "test")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{namespaces: [x]} | spec.class is null, expected one of [LatencyCritical, BestEffort]",
        "{class: Fast} | spec.class is Fast, expected one of [LatencyCritical, BestEffort]",
        "{class: BestEffort, wholeSlices: Yes} | spec.wholeSlices is Yes, expected one of",
        "{class: BestEffort, quota: {limit: {memory: much}}} | spec.quota.limit.memory: \"much\"",
        "{class: BestEffort, quota: {limit: {computeSlices: '1'}, guaranteed: {computeSlices: '2'}}}"
            + " | quota.guaranteed (2 compute slices) is above quota.limit (1 compute slice)",
        "{class: BestEffort, quota: {pods: -1}} | quota.pods is -1, expected 0 or more",
        "{class: BestEffort, namespaces: [a], namespaceSelector: {matchLabels: {a: b}}}"
            + " | namespaces and namespaceSelector exclude each other",
        "{class: BestEffort, namespaceSelector: {matchExpressions: [{key: a, operator: Is}]}}"
            + " | matchExpressions.operator is Is, expected one of [In, NotIn, Exists, DoesNotExist]",
        "{class: BestEffort, namespaceSelector: {matchExpressions: [{key: a, operator: In}]}}"
            + " | operator In of label a takes one or more values",
      })
  void namesWhatIsWrong(String spec, String message) {
    assertThatThrownBy(() -> read("{metadata: {name: t}, spec: " + spec + "}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static Tenant read(String yaml) throws Exception {
    return new YAMLMapper()
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .readValue(yaml, TenantJson.class)
        .tenant();
  }
}
