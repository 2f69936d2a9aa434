package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
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
                        "patch gpunodes/status"));
    assertThat(denied(cluster)).isEmpty();
  }

  /**
   * Writes that our programs had no right to. In a namespace that is being removed nothing is bound
   * or created any more, and after an uninstall they go on for a moment until they are ended.
   */
  private static List<Audit> denied(Cluster cluster) throws IOException {
    List<Audit> denied = new ArrayList<>();
    Set<String> uninstalled = new HashSet<>();
    for (Audit w : Audit.read(cluster.plane().auditLog())) {
      if (w.action().startsWith("delete clusterrole")) {
        uninstalled.add(OURS + w.name().replaceFirst("^lamella-", ""));
      } else if (w.user().startsWith(OURS) && !w.forged()) {
        boolean refused = w.code() == 401 || w.code() == 403;
        boolean removed = w.what().equals("pods/binding") || w.what().equals("events");
        if (refused && !removed && !uninstalled.contains(w.user())) {
          denied.add(w);
        } else if (!refused) {
          uninstalled.remove(w.user());
        }
      }
    }
    return denied;
  }
}
