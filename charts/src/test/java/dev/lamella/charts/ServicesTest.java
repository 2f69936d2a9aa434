package dev.lamella.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The extender's two Services, and what stands around its Deployment. */
class ServicesTest {

  @Test
  void verbsGoToTheLeaderAndReadsToAll() {
    Rendered rendered = Chart.render("default");
    JsonNode verbs = rendered.one("Service", "lamella-scheduler-extender");
    JsonNode reads = rendered.one("Service", "lamella-webhook");
    assertThat(verbs.at("/spec/selector/lamella.dev~1leader").asText()).isEqualTo("true");
    assertThat(reads.at("/spec/selector").has("lamella.dev/leader")).isFalse();
    assertThat(reads.at("/spec/ports/0/port").asInt()).isEqualTo(443);
    JsonNode labels =
        rendered
            .one("Deployment", "lamella-scheduler-extender")
            .at("/spec/template/metadata/labels");
    assertThat(labels.has("lamella.dev/leader")).as("the leader alone sets it").isFalse();
  }

  @Test
  void withoutElectionTheVerbsGoToTheOneReplica() {
    JsonNode verbs = Chart.render("own-scheduler").one("Service", "lamella-scheduler-extender");
    assertThat(verbs.at("/spec/selector").has("lamella.dev/leader")).isFalse();
    assertThat(verbs.at("/spec/ports/0/targetPort").asText()).isEqualTo("http");
  }

  @Test
  void aChangedConfigurationRestartsThePods() throws IOException {
    assertThat(checksum("schedulerExtender: {config: {placementPolicy: spread}}"))
        .isNotEqualTo(checksum("{}"));
  }

  @Test
  void aBudgetKeepsAllButOneAndNeverBlocksADrainOfTheOnlyOne() throws IOException {
    assertThat(Chart.render("default").ofKind("PodDisruptionBudget")).hasSize(2);
    assertThat(Chart.render("simulated").ofKind("PodDisruptionBudget")).isEmpty();
    Rendered without =
        Chart.renderText("schedulerExtender: {podDisruptionBudget: {enabled: false}}");
    assertThat(without.titles()).doesNotContain("PodDisruptionBudget/lamella-scheduler-extender");
  }

  @Test
  void monitorsFindOneServiceAndKeepTheHoldersLabels() {
    Rendered rendered = Chart.render("everything");
    JsonNode pods = rendered.ofKind("PodMonitor").get(0).at("/spec/podMetricsEndpoints/0");
    assertThat(pods.path("honorLabels").asBoolean()).isTrue();
    assertThat(pods.path("interval").asText()).isEqualTo("5s");
    JsonNode selector = rendered.ofKind("ServiceMonitor").get(0).at("/spec/selector/matchLabels");
    long found =
        rendered.ofKind("Service").stream()
            .filter(
                service ->
                    selector.properties().stream()
                        .allMatch(
                            label ->
                                label
                                    .getValue()
                                    .equals(service.at("/metadata/labels").get(label.getKey()))))
            .count();
    assertThat(found).isEqualTo(1);
    assertThat(Chart.render("default").titles().toString()).doesNotContain("Monitor");
  }

  @Test
  void thePoliciesLetInWhoIsNamed() {
    Rendered rendered = Chart.render("everything");
    JsonNode extender = rendered.one("NetworkPolicy", "slices-scheduler-extender").path("spec");
    assertThat(extender.at("/ingress/0/from/0/ipBlock/cidr").asText()).isEqualTo("10.0.0.0/28");
    assertThat(extender.path("ingress")).hasSize(3);
    JsonNode open =
        Chart.render("host-driver-cdi").one("NetworkPolicy", "lamella-scheduler-extender");
    assertThat(open.at("/spec/ingress/0").has("from")).as("control plane unknown").isFalse();
    assertThat(Chart.render("default").ofKind("NetworkPolicy")).isEmpty();
  }

  @Test
  void programsThatRunElsewhereKeepTheirRights() {
    Rendered rendered = Chart.render("programs-elsewhere");
    assertThat(rendered.workloads()).isEmpty();
    assertThat(rendered.titles())
        .contains(
            "ServiceAccount/lamella-device-plugin",
            "ServiceAccount/lamella-scheduler-extender",
            "ClusterRoleBinding/lamella-device-plugin",
            "ClusterRoleBinding/lamella-scheduler-extender");
  }

  private static String checksum(String values) throws IOException {
    return Chart.renderText(values)
        .one("Deployment", "lamella-scheduler-extender")
        .at("/spec/template/metadata/annotations/checksum~1config")
        .asText();
  }
}
