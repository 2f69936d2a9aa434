package dev.lamella.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** The chart's webhook and admission policies, leading to this machine. */
final class Doorway {

  private Doorway() {}

  /** The extender's configuration, as the chart has it with certificates that it makes itself. */
  static Path config(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("extender.yaml"),
        """
        certificates:
          secret: lamella-scheduler-extender-tls
          namespace: %s
          dnsNames: [127.0.0.1]
          webhookConfiguration: lamella-webhook
        access: {verbs: clientCertificate}
        webhook:
          tolerations: [{key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}]
          nodeAffinity: [{key: kubernetes.io/os, operator: In, values: [linux]}]
        """
            .formatted(Cluster.SYSTEM));
  }

  /**
   * Applies the templates as the chart has them.
   *
   * @param url where the webhook is answered
   * @param value of the chart, besides
   */
  static void open(Cluster cluster, String url, String value) throws Exception {
    cluster
        .kubectl()
        .applyAsHelm(
            cluster
                .kubectl()
                .render(
                    cluster.checkout().chart(),
                    Cluster.SYSTEM,
                    List.of(
                        "webhook.yaml", "admission-policies.yaml", "scheduler-extender-rbac.yaml"),
                    List.of("webhook.url=" + url + "/mutate", value)));
  }

  /** Waits until the extender has told the API server by whom its certificate is signed. */
  static void awaitTrust(Cluster cluster) throws Exception {
    Eventually.succeeds(
        "caBundle", () -> assertThat(bundle(cluster)).isEqualTo(cluster.certificate("ca.crt")));
  }

  private static String bundle(Cluster cluster) throws IOException {
    String base64 =
        cluster
            .kube()
            .get(
                "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/"
                    + "lamella-webhook")
            .at("/webhooks/0/clientConfig/caBundle")
            .asText();
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  /** Takes the webhook away; the policies stay. */
  static void close(Cluster cluster) throws Exception {
    cluster.kubectl().run("delete", "mutatingwebhookconfiguration", "lamella-webhook");
  }
}
