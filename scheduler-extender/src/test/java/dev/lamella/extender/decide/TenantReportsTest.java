package dev.lamella.extender.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.core.ledger.Event;
import dev.lamella.extender.Await;
import dev.lamella.extender.Cluster;
import dev.lamella.extender.ManualClock;
import dev.lamella.extender.StandInApi;
import dev.lamella.extender.kube.ClusterWatch;
import dev.lamella.extender.kube.Disruptions;
import dev.lamella.extender.kube.KubeApi;
import dev.lamella.extender.kube.TenantFaults;
import dev.lamella.extender.kube.TenantWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two tenants as they are listed: one that was promised more than there is, one that is wrong. */
class TenantReportsTest {

  private static final String TENANTS = "/apis/lamella.dev/v1alpha1/tenants";
  private static final String EMPTY = "{\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[]}";
  private static final String LIST =
      """
      {"metadata":{"resourceVersion":"5"},"items":[
       {"metadata":{"name":"alpha","resourceVersion":"3"},"spec":{"namespaces":["alpha"],
        "class":"LatencyCritical","quota":{"guaranteed":{"computeSlices":"9"}}}},
       {"metadata":{"name":"beta","resourceVersion":"4"},"spec":{"class":"Slow"}}]}
      """;

  @TempDir Path dir;

  @Test
  void tellsATenantHowItStandsAndABadOneWhatIsWrong() throws Exception {
    Clock clock = Clock.fixed(Instant.parse("2026-11-01T10:00:00Z"), ZoneOffset.UTC);
    TenantFaults faults = new TenantFaults();
    try (StandInApi api = new StandInApi();
        KubeApi kube = KubeApi.open(Optional.of(api.kubeconfig(dir)));
        LedgerOwner owner = new LedgerOwner()) {
      for (String kind :
          List.of(
              "/api/v1/nodes",
              "/api/v1/namespaces",
              "/api/v1/pods",
              "/apis/policy/v1/poddisruptionbudgets",
              "/apis/lamella.dev/v1alpha1/gpunodes")) {
        api.on("GET " + kind, 200, EMPTY).on("WATCH " + kind, 200, "");
      }
      api.on("GET " + TENANTS, 200, LIST)
          .on("WATCH " + TENANTS, 200, "")
          .on("PATCH " + TENANTS + "/alpha/status", 200, "{}")
          .on("PATCH " + TENANTS + "/beta/status", 200, "{}");
      Cluster.node("n", 2).forEach(owner::accept);
      try (ClusterWatch watch =
          ClusterWatch.start(kube, owner::accept, new Disruptions(), faults)) {
        Await.until("all seen", watch::synced);
        Await.until("alpha known", () -> owner.snapshot().tenants().all().size() == 1);
        TenantReports reports =
            new TenantReports(owner, new Demands(), faults, new TenantWriter(kube), clock);
        reports.tick();
        reports.tick();
      }
      List<String> patches =
          api.requests().stream().filter(request -> request.startsWith("PATCH")).toList();
      assertThat(patches).as("once each").hasSize(2);
      assertThat(patches.get(0))
          .contains("/alpha/status")
          .contains("\"computeSlices\":\"0\"")
          .contains("\"type\":\"GuaranteeCovered\",\"status\":\"False\"")
          .contains("promised 9 compute slices, 0 MiB; there are 2 compute slices, 9728 MiB");
      assertThat(patches.get(1))
          .contains("/beta/status")
          .contains("\"type\":\"Accepted\",\"status\":\"False\"")
          .contains("spec.class is Slow, expected one of [LatencyCritical, BestEffort]");
    }
  }

  /** A write whose answer is lost may have been taken. */
  @Test
  void aStatusIsWrittenAgainAfterAWriteOfWhichNobodyKnows() throws Exception {
    String patch = "PATCH " + TENANTS + "/alpha/status";
    Clock clock = Clock.fixed(Instant.parse("2026-11-01T10:00:00Z"), ZoneOffset.UTC);
    try (StandInApi api = new StandInApi().on(patch, 200, "{}").on(patch, 500, "{}");
        KubeApi kube = KubeApi.open(Optional.of(api.kubeconfig(dir)));
        LedgerOwner owner = new LedgerOwner()) {
      api.on(patch, 200, "{}");
      TenantReports reports = reports(owner, kube, clock);
      owner.accept(new Event.TenantSeen(Cluster.promised("alpha", 9), 2));
      Await.until("known", () -> owner.snapshot().tenants().all().size() == 1);
      reports.tick();
      owner.accept(new Event.TenantSeen(Cluster.promised("alpha", 8), 3));
      Await.until(
          "other", () -> owner.snapshot().tenants().all().contains(Cluster.promised("alpha", 8)));
      reports.tick();
      owner.accept(new Event.TenantSeen(Cluster.promised("alpha", 9), 4));
      Await.until(
          "as before",
          () -> owner.snapshot().tenants().all().contains(Cluster.promised("alpha", 9)));

      reports.tick();
      reports.tick();

      assertThat(api.requests()).as("first, lost, again, and no more").hasSize(3);
      assertThat(api.requests().get(2)).contains("promised 9 compute slices");
    }
  }

  @Test
  void aTenantThatIsMadeAnewIsToldAnew() throws Exception {
    Clock clock = Clock.fixed(Instant.parse("2026-11-01T10:00:00Z"), ZoneOffset.UTC);
    try (StandInApi api = new StandInApi();
        KubeApi kube = KubeApi.open(Optional.of(api.kubeconfig(dir)));
        LedgerOwner owner = new LedgerOwner()) {
      api.on("PATCH " + TENANTS + "/alpha/status", 200, "{}");
      TenantReports reports = reports(owner, kube, clock);
      owner.accept(new Event.TenantSeen(Cluster.promised("alpha", 9), 2));
      Await.until("known", () -> owner.snapshot().tenants().all().size() == 1);
      reports.tick();
      owner.accept(new Event.TenantGone("alpha", 3));
      Await.until("gone", () -> owner.snapshot().tenants().all().isEmpty());
      reports.tick();
      owner.accept(new Event.TenantSeen(Cluster.promised("alpha", 9), 4));
      Await.until("known", () -> owner.snapshot().tenants().all().size() == 1);

      reports.tick();

      assertThat(api.requests()).hasSize(2);
    }
  }

  @Test
  void aStatusThatSomebodyMayHaveChangedIsWrittenAgainAfterAWhile() throws Exception {
    ManualClock clock = new ManualClock();
    try (StandInApi api = new StandInApi();
        KubeApi kube = KubeApi.open(Optional.of(api.kubeconfig(dir)));
        LedgerOwner owner = new LedgerOwner()) {
      api.on("PATCH " + TENANTS + "/alpha/status", 200, "{}");
      TenantReports reports = reports(owner, kube, clock);
      owner.accept(new Event.TenantSeen(Cluster.promised("alpha", 9), 2));
      Await.until("known", () -> owner.snapshot().tenants().all().size() == 1);
      reports.tick();
      clock.pass(TenantReports.AGAIN_MILLIS - 1);
      reports.tick();
      assertThat(api.requests()).hasSize(1);

      clock.pass(1);
      reports.tick();

      assertThat(api.requests()).hasSize(2);
    }
  }

  private static TenantReports reports(LedgerOwner owner, KubeApi kube, Clock clock) {
    return new TenantReports(
        owner, new Demands(), new TenantFaults(), new TenantWriter(kube), clock);
  }
}
