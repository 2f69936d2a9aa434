package dev.lamella.extender.config;

import java.util.List;

/**
 * The key {@code certificates}: a self-made authority and what it signs, kept in a Secret.
 *
 * @param secret the Secret's name; nothing is made if it is left out
 * @param namespace the Secret's namespace; the pod's own if left out
 * @param dnsNames what the service is called, DNS names or IP addresses, at least one
 * @param webhookConfiguration the MutatingWebhookConfiguration whose caBundle is kept up; none if
 *     left out
 * @param webhook the webhook's name in it
 */
public record CertificatesConfig(
    String secret,
    String namespace,
    List<String> dnsNames,
    String webhookConfiguration,
    String webhook) {

  public static final CertificatesConfig DEFAULTS =
      new CertificatesConfig(null, null, null, null, null);

  /** The webhook's name in the chart. */
  public static final String WEBHOOK = "pods.lamella.dev";

  /**
   * @throws IllegalArgumentException naming the key, its value and what would be right
   */
  public CertificatesConfig {
    secret = secret == null ? "" : secret;
    namespace = namespace == null ? "" : namespace;
    dnsNames = dnsNames == null ? List.of() : List.copyOf(dnsNames);
    webhookConfiguration = webhookConfiguration == null ? "" : webhookConfiguration;
    webhook = webhook == null ? WEBHOOK : webhook;
    if (!secret.isEmpty() && dnsNames.isEmpty()) {
      throw new IllegalArgumentException(
          "certificates.dnsNames is empty, expected the names of the service, such as"
              + " lamella-scheduler-extender.lamella-system.svc");
    }
    if (secret.isEmpty() && !webhookConfiguration.isEmpty()) {
      throw new IllegalArgumentException(
          "certificates.secret is empty, expected a name beside certificates.webhookConfiguration");
    }
  }

  /** Whether certificates are kept at all. */
  public boolean kept() {
    return !secret.isEmpty();
  }
}
