package dev.lamella.extender.config;

import java.util.List;

/**
 * Who may ask what. Keys that are left out have the defaults given here.
 *
 * @param verbs {@code anyone} or {@code clientCertificate}, for kube-scheduler's verbs (anyone)
 * @param clientNames common names of the certificates that the verbs are open to; empty: any that
 *     {@code tls.clientCaFile} has signed
 * @param readers {@code anyone} or {@code token}, for explanations and pages (anyone)
 * @param metrics {@code anyone} or {@code token}, for {@code /metrics} (anyone)
 */
public record AccessConfig(String verbs, List<String> clientNames, String readers, String metrics) {

  public static final AccessConfig DEFAULTS = new AccessConfig(null, null, null, null);

  private static final String ANYONE = "anyone";

  /**
   * @throws IllegalArgumentException naming the key, its value and what would be right
   */
  public AccessConfig {
    verbs = oneOf("verbs", verbs, "clientCertificate");
    readers = oneOf("readers", readers, "token");
    metrics = oneOf("metrics", metrics, "token");
    clientNames = clientNames == null ? List.of() : List.copyOf(clientNames);
    if (!clientNames.isEmpty() && verbs.equals(ANYONE)) {
      throw new IllegalArgumentException(
          "access.clientNames is %s, expected access.verbs to be clientCertificate with it"
              .formatted(clientNames));
    }
  }

  private static String oneOf(String key, String value, String guarded) {
    if (value != null && !value.equals(ANYONE) && !value.equals(guarded)) {
      throw new IllegalArgumentException(
          "access.%s is %s, expected one of [%s, %s]".formatted(key, value, ANYONE, guarded));
    }
    return value == null ? ANYONE : value;
  }

  /** Whether the verbs ask for a client certificate. */
  public boolean verbsByCertificate() {
    return !verbs.equals(ANYONE);
  }

  /** Whether explanations and pages ask for a token. */
  public boolean readersByToken() {
    return !readers.equals(ANYONE);
  }

  /** Whether metrics ask for a token. */
  public boolean metricsByToken() {
    return !metrics.equals(ANYONE);
  }
}
