package dev.lamella.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong values are refused before anything is installed, with a message that names the key. */
class ValuesSchemaTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # values                                                   | in the message          | and
          devicPlugin: {}                                            | devicPlugin             | not allowed
          devicePlugin: {image: {tagg: v1}}                          | /devicePlugin/image     | tagg
          devicePlugin: {image: {tag: 1.0}}                          | /devicePlugin/image/tag | string
          devicePlugin: {image: {tag: "a b"}}                        | /devicePlugin/image/tag | pattern
          devicePlugin: {image: {digest: "sha256:12"}}               | /digest                 | pattern
          devicePlugin: {image: {repository: ""}}                    | /repository             |
          image: {pullPolicy: Sometimes}                             | /image/pullPolicy       | Always
          image: {pullSecrets: [registry]}                           | /image/pullSecrets/0    | object
          nameOverride: Slices                                       | /nameOverride           | pattern
          commonLabels: {tier: 1}                                    | /commonLabels/tier      | string
          devicePlugin: {config: {share: {default: 4}}}              | /devicePlugin/config    | share
          devicePlugin: {config: {shares: {default: 17}}}            | /shares/default         | 16
          devicePlugin: {deviceListStrategies: [cdi]}                | /deviceListStrategies/0 | cdi-cri
          devicePlugin: {deviceListStrategies: envvar}               | /deviceListStrategies   | array
          devicePlugin: {deviceListStrategies: []}                   | /deviceListStrategies   | minItems
          devicePlugin: {kubeletDir: var/lib/kubelet}                | /kubeletDir             | pattern
          devicePlugin: {driver: {from: nvidia}}                     | /driver/from            | runtime
          devicePlugin: {driver: {hostPath: run/nvidia}}             | /driver/hostPath        | pattern
          devicePlugin: {extraArgs: [nvml]}                          | /extraArgs/0            | pattern
          devicePlugin: {metricsPort: 70000}                         | /metricsPort            | 65,535
          devicePlugin: {terminationGracePeriodSeconds: 15}          | /terminationGracePeriod | 16
          devicePlugin: {maxUnavailable: 0}                          | /maxUnavailable         |
          devicePlugin: {maxUnavailable: 0%}                         | /maxUnavailable         |
          devicePlugin: {resources: {limits: {memory: lots}}}        | /limits/memory          |
          devicePlugin: {resources: {limit: {memory: 1Gi}}}          | /resources              | limit
          devicePlugin: {hostPID: "yes"}                             | /hostPID                | boolean
          devicePlugin: {tolerations: {key: a}}                      | /tolerations            | array
          schedulerExtender: {replicas: 0}                           | /replicas               | minimum
          schedulerExtender: {replicas: "2"}                         | /replicas               | integer
          schedulerExtender: {spread: Always}                        | /spread                 | DoNotSchedule
          schedulerExtender: {tls: {mode: self}}                     | /tls/mode               | certManager
          webhook: {caBundle: ca.pem}                                | /webhook/caBundle       | pattern
          webhook: {url: "http://192.0.2.1/mutate"}                  | /webhook/url            | pattern
          webhook: {timeoutSeconds: 31}                              | /webhook/timeoutSeconds | 30
          webhook: {nodeAffinity: [{key: a, operator: Is}]}          | /nodeAffinity/0/operator | Exists
          policies: {actions: [Refuse]}                              | /policies/actions/0     | Deny
          schedulerExtender: {tls: {certManager: {duration: 90d}}}   | /certManager/duration   | pattern
          schedulerExtender: {tls: {certManager: {issuerRef: {kind: CA}}}} | /issuerRef/kind   | ClusterIssuer
          scheduler: {image: {tag: [v1]}}                            | /scheduler/image/tag    | array
          metrics: {podMonitor: {interval: 15}}                      | /podMonitor/interval    | string
          networkPolicy: {controlPlane: [10.0.0.1]}                  | /controlPlane/0         | pattern
          networkPolicy: {apiServerPorts: [https]}                   | /apiServerPorts/0       | integer
          rbac: {create: maybe}                                      | /rbac/create            | boolean
          # keys that contradict each other
          schedulerExtender: {leaderElection: {enabled: false}}      | schedulerExtender.replicas | two would decide
          {schedulerExtender: {tls: {mode: secret}}, webhook: {caBundle: "-----BEGIN CERTIFICATE-----"}} | tls.secretName          | name the Secret
          webhook: {enabled: false}                                  | webhook.enabled         | bundled scheduler
          {scheduler: {enabled: false}, schedulerExtender: {tls: {mode: none}}} | tls.mode none | HTTPS only
          {schedulerExtender: {enabled: false}, scheduler: {enabled: false}} | schedulerExtender.enabled | webhook.url
          devicePlugin: {driver: {from: simulated}}                  | driver.layout           | give nodes
          devicePlugin: {driver: {from: host, hostPath: /}}          | driver.mountPath        | /host
          """)
  void isRefused(String values, String named, String why) {
    assertThatThrownBy(() -> Chart.renderText(values.strip()))
        .message()
        .contains(named.strip())
        .contains(why == null ? "" : why.strip());
  }

  @Test
  void aMountElsewhereCannotBeNamedInCdiSpecs() {
    String values =
        """
        devicePlugin:
          driver: {from: host, hostPath: /, mountPath: /host}
          deviceListStrategies: [envvar, cdi-annotations]
        """;
    assertThatThrownBy(() -> Chart.renderText(values))
        .hasMessageContaining("mountPath is /host and hostPath is /");
  }

  @Test
  void globalIsOthersBusiness() throws IOException {
    assertThat(Chart.renderText("global: {anything: [1, true]}").objects()).isNotEmpty();
  }
}
