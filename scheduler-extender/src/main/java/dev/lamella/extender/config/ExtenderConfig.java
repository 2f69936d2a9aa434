package dev.lamella.extender.config;

import dev.lamella.core.placement.PlacementPolicy;
import java.util.Arrays;
import java.util.List;

/**
 * The configuration file. Keys that are left out have the defaults given here.
 *
 * @param placementPolicy {@code pack}, {@code spread} or {@code fragmentation} (pack)
 * @param limits what a client may ask at most
 * @param tls HTTPS; null: plain HTTP
 * @param access who may ask what
 * @param webhook what pods that ask for slices are given at admission (nothing)
 * @param certificates HTTPS with certificates of its own making, instead of {@code tls}
 * @param leader which of several replicas decides
 * @param staleness how old what is decided on may be
 * @param page the live map
 */
public record ExtenderConfig(
    String placementPolicy,
    Limits limits,
    TlsConfig tls,
    AccessConfig access,
    WebhookConfig webhook,
    CertificatesConfig certificates,
    LeaderConfig leader,
    StalenessConfig staleness,
    PageConfig page) {

  public static final ExtenderConfig DEFAULTS =
      new ExtenderConfig(null, null, null, null, null, null, null, null, null);

  /**
   * @throws IllegalArgumentException naming the key, its value and what would be right
   */
  public ExtenderConfig {
    placementPolicy = placementPolicy == null ? PlacementPolicy.PACK.text() : placementPolicy;
    policy(placementPolicy);
    limits = limits == null ? Limits.DEFAULTS : limits;
    access = access == null ? AccessConfig.DEFAULTS : access;
    webhook = webhook == null ? WebhookConfig.DEFAULTS : webhook;
    certificates = certificates == null ? CertificatesConfig.DEFAULTS : certificates;
    if (tls != null && certificates.kept()) {
      throw new IllegalArgumentException(
          "tls and certificates.secret are both given, expected one of them");
    }
    if (access.verbsByCertificate() && tls == null && !certificates.kept()) {
      throw new IllegalArgumentException(
          "access.verbs is clientCertificate, expected tls with a clientCaFile, or certificates");
    }
    leader = leader == null ? LeaderConfig.DEFAULTS : leader;
    staleness = staleness == null ? StalenessConfig.DEFAULTS : staleness;
    page = page == null ? PageConfig.DEFAULTS : page;
  }

  /** The same, as one of several replicas. */
  ExtenderConfig elected() {
    return new ExtenderConfig(
        placementPolicy,
        limits,
        tls,
        access,
        webhook,
        certificates,
        leader.elected(),
        staleness,
        page);
  }

  /** The placement policy. */
  public PlacementPolicy policy() {
    return policy(placementPolicy);
  }

  private static PlacementPolicy policy(String text) {
    List<String> names =
        Arrays.stream(PlacementPolicy.values()).map(PlacementPolicy::text).toList();
    int at = names.indexOf(text);
    if (at < 0) {
      throw new IllegalArgumentException(
          "placementPolicy is %s, expected one of %s".formatted(text, names));
    }
    return PlacementPolicy.values()[at];
  }
}
