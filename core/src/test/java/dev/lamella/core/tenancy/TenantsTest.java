package dev.lamella.core.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TenantsTest {

  private static final Tenant NAMED = tenant("zeta", NamespaceClaim.byName("one", "two"));
  private static final Tenant FIRST =
      tenant("alpha", new NamespaceClaim(Set.of(), Map.of("team", "a")));
  private static final Tenant SECOND =
      tenant("beta", new NamespaceClaim(Set.of(), Map.of("team", "a", "kind", "batch")));

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

  private static Tenant tenant(String name, NamespaceClaim claim) {
    return new Tenant(
        name, claim, TenantClass.BEST_EFFORT, 0, "default", WholeSlices.BORROW, Quota.NONE);
  }
}
