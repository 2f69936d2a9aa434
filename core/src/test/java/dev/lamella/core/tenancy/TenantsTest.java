package dev.lamella.core.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantsTest {

  private static final Tenant NAMED = tenant("zeta", NamespaceClaim.byName("one", "two"));
  private static final Tenant FIRST =
      tenant("alpha", NamespaceClaim.byLabels(List.of(LabelRequirement.equal("team", "a"))));
  private static final Tenant SECOND =
      tenant(
          "beta",
          NamespaceClaim.byLabels(
              List.of(
                  LabelRequirement.equal("team", "a"), LabelRequirement.equal("kind", "batch"))));

  private final Tenants tenants =
      new Tenants(
          List.of(SECOND, NAMED, FIRST),
          Map.of(
              "two", Map.of("team", "a"),
              "three", Map.of("team", "a", "kind", "batch"),
              "four", Map.of("kind", "batch")));

  @Test
  void aClaimByNameBeatsOneByLabelsThenTheFirstNameWins() {
    assertThat(tenants.of("one")).isEqualTo(NAMED);
    assertThat(tenants.of("two")).isEqualTo(NAMED);
    assertThat(tenants.of("three")).isEqualTo(FIRST);
    assertThat(tenants.claims("three")).containsExactly(FIRST, SECOND);
  }

  @Test
  void aNamespaceThatNobodyClaimsMayBorrowWithoutLimit() {
    assertThat(tenants.of("four")).isEqualTo(Tenant.UNCLAIMED);
    assertThat(tenants.of("unheard-of")).isEqualTo(Tenant.UNCLAIMED);
    assertThat(Tenant.UNCLAIMED.quota()).isEqualTo(Quota.NONE);
    assertThat(Tenant.UNCLAIMED.wholeSlices()).isEqualTo(WholeSlices.BORROW);
  }

  @Test
  void overlapsAreNamedOnBothSides() {
    assertThat(tenants.overlaps(NAMED)).containsExactly("alpha");
    assertThat(tenants.overlaps(FIRST)).containsExactly("beta", "zeta");
    assertThat(tenants.overlaps(SECOND)).containsExactly("alpha");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "IN             | a,b | a  | true",
        "IN             | a,b | c  | false",
        "IN             | a,b |    | false",
        "NOT_IN         | a,b | a  | false",
        "NOT_IN         | a,b | c  | true",
        "NOT_IN         | a,b |    | true",
        "EXISTS         |     | c  | true",
        "EXISTS         |     |    | false",
        "DOES_NOT_EXIST |     | c  | false",
        "DOES_NOT_EXIST |     |    | true",
      })
  void requirementsMeanWhatTheyDoInKubernetes(
      LabelRequirement.Operator operator, String values, String label, boolean claimed) {
    Set<String> set = values == null ? Set.of() : Set.of(values.split(","));
    Tenant tenant =
        tenant("t", NamespaceClaim.byLabels(List.of(new LabelRequirement("team", operator, set))));
    Map<String, String> labels = label == null ? Map.of() : Map.of("team", label);

    Tenants all = new Tenants(List.of(tenant), Map.of("ns", labels));

    assertThat(all.of("ns").equals(tenant)).isEqualTo(claimed);
  }

  @Test
  void anEmptySelectorClaimsNothing() {
    Tenant tenant = tenant("t", NamespaceClaim.byLabels(List.of()));

    assertThat(new Tenants(List.of(tenant), Map.of("ns", Map.of())).of("ns"))
        .isEqualTo(Tenant.UNCLAIMED);
  }

  @Test
  void valuesGoWithInAndNotInAlone() {
    assertThatThrownBy(() -> new LabelRequirement("team", LabelRequirement.Operator.IN, Set.of()))
        .hasMessage("namespaceSelector: operator In of label team takes one or more values");
    assertThatThrownBy(
            () -> new LabelRequirement("team", LabelRequirement.Operator.EXISTS, Set.of("a")))
        .hasMessage("namespaceSelector: operator Exists of label team takes no values");
  }

  private static Tenant tenant(String name, NamespaceClaim claim) {
    return new Tenant(
        name, claim, TenantClass.BEST_EFFORT, 0, "default", WholeSlices.BORROW, Quota.NONE);
  }
}
