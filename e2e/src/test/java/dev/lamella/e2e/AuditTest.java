package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is written to the API for a pod, by the API server's own account. */
@ExtendWith(ClusterExtension.class)
class AuditTest {

  private static final String OURS = "system:serviceaccount:lamella-system:lamella-";

  @Test
  void aDecisionIsOneWrite(Cluster cluster) throws Exception {
    try (Team team = Team.create(cluster, "audited")) {
      for (int i = 0; i < 4; i++) {
        team.run(PodOf.asking("pod-" + i, PodOf.SHARE, 1));
      }
      Agreement.await(cluster, team);
      List<Audit> writes = Audit.read(cluster.plane().auditLog());
      for (int i = 0; i < 4; i++) {
        String name = "pod-" + i;
        assertThat(writes)
            .filteredOn(w -> w.namespace().equals("audited") && w.name().equals(name))
            .filteredOn(w -> w.what().startsWith("pods") && !w.user().startsWith("system:node:"))
            .filteredOn(w -> !w.action().equals("create pods"))
            .as("writes to " + name + " before its kubelet's")
            .extracting(Audit::user, Audit::action, Audit::code)
            .containsExactly(
                org.assertj.core.groups.Tuple.tuple(
                    OURS + "scheduler-extender", "create pods/binding", 201));
      }
    }
  }

  @Test
  void ourProgramsWriteNothingButWhatTheirRolesAreFor(Cluster cluster) throws Exception {
    assertThat(Audit.read(cluster.plane().auditLog()))
        .filteredOn(w -> w.user().startsWith(OURS) && !w.forged())
        .isNotEmpty()
        .allSatisfy(
            w ->
                assertThat(w.action())
                    .isIn(
                        "create pods/binding",
                        "create pods/eviction",
                        "patch pods",
                        "create events",
                        "patch events",
                        "create leases",
                        "update leases",
                        // Its certificate, and who trusts it.
                        "create secrets",
                        "patch secrets",
                        "patch mutatingwebhookconfigurations",
                        "patch tenants/status",
                        "create gpunodes",
                        "patch gpunodes/status"))
        // In a namespace that is being removed nothing is bound or created any more: 403 too.
        // Daemons go on reporting for a moment when an uninstall has taken their rights.
        .filteredOn(
            w ->
                !Set.of("pods/binding", "events", "gpunodes", "gpunodes/status").contains(w.what()))
        .noneMatch(w -> w.code() == 401 || w.code() == 403);
  }
}
