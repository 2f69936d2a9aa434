package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the chart installs by default, on a cluster whose own scheduler nobody may configure. */
@ExtendWith(ClusterExtension.class)
class BundledSchedulerTest {

  private Installed installed;
  private Team team;

  @BeforeEach
  void install(Cluster cluster) throws Exception {
    installed = Installed.start(cluster);
    team = Team.create(cluster, "bundled");
  }

  @AfterEach
  void remove() throws Exception {
    team.close();
    installed.end();
  }

  @Test
  void itBindsPodsThatAskForSlicesAndNoOthers(Cluster cluster) throws Exception {
    team.run(PodOf.asking("a", PodOf.SHARE, 1));
    assertThat(team.pod("a").at("/spec/schedulerName").asText()).isEqualTo(BundledScheduler.NAME);
    Agreement.await(cluster, team);

    team.run(PodOf.named("b").plain("c"));
    assertThat(team.pod("b").at("/spec/schedulerName").asText()).isEqualTo("default-scheduler");
    installed.scheduler().requireAlive();
    assertThat(holder(cluster)).isNotEmpty();
  }

  /** Who leads is killed and says nothing: the others wait until its lease has run out. */
  @Test
  void anotherLeadsOnceTheLeaseOfTheKilledOneHasRunOut(Cluster cluster) throws Exception {
    team.run(PodOf.asking("a", PodOf.SHARE, 1));
    String first = holder(cluster);
    installed.scheduler().kill();
    installed.scheduler().kill();

    team.run(PodOf.asking("b", PodOf.SHARE, 1));

    assertThat(holder(cluster)).isNotEqualTo(first);
    Agreement.await(cluster, team);
  }

  private static String holder(Cluster cluster) throws Exception {
    JsonNode lease =
        cluster
            .kube()
            .get(
                "/apis/coordination.k8s.io/v1/namespaces/%s/leases/%s"
                    .formatted(Cluster.SYSTEM, BundledScheduler.NAME));
    return lease.at("/spec/holderIdentity").asText();
  }
}
