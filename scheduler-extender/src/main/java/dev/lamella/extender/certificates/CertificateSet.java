package dev.lamella.extender.certificates;

import dev.lamella.extender.tls.KeyPem;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the Secret holds, as PEM by key: the authority, the server's certificate and the one that
 * kube-scheduler shows. Immutable.
 *
 * <p>Everything is renewed when two thirds of its time have passed. An authority that was replaced
 * stays in {@code ca.crt}, after the new one, so that nobody who has seen the old one is cut off.
 */
record CertificateSet(Map<String, String> texts) {

  static final String CA = "ca.crt";
  static final String CA_KEY = "ca.key";
  static final String SERVER = "tls.crt";
  static final String SERVER_KEY = "tls.key";
  static final String CLIENT = "client.crt";
  static final String CLIENT_KEY = "client.key";

  private static final String SCHEDULER = "kube-scheduler";

  CertificateSet {
    texts = Map.copyOf(texts);
  }

  /** The keys must not get into a log. */
  @Override
  public String toString() {
    return "CertificateSet" + texts.keySet();
  }

  /** What the server needs of it. */
  KeyPem keyPem() {
    return new KeyPem(texts.get(SERVER), texts.get(SERVER_KEY), authorities());
  }

  /** Everybody who may have signed, the present one first. */
  String authorities() {
    return texts.get(CA);
  }

  /**
   * The set with everything that is missing, cannot be used or is due made anew; the same if
   * nothing is.
   *
   * @param names what the server is called
   */
  CertificateSet renewed(List<String> names, Instant now, SecureRandom random)
      throws GeneralSecurityException {
    Map<String, String> all = new TreeMap<>(texts);
    Authority authority = authority(now);
    if (authority == null) {
      authority = Authority.make(now, random);
      all.put(CA, Pem.of(authority.certificate()) + stillValid(now));
      all.put(CA_KEY, Pem.of(authority.key()));
    }
    if (!serves(SERVER, SERVER_KEY, authority, now) || !names(SERVER).equals(canonical(names))) {
      put(all, SERVER, SERVER_KEY, authority.server(names, now, random));
    }
    if (!serves(CLIENT, CLIENT_KEY, authority, now)) {
      put(all, CLIENT, CLIENT_KEY, authority.client(SCHEDULER, now, random));
    }
    return new CertificateSet(all);
  }

  private static void put(
      Map<String, String> all, String certificate, String key, Authority.Issued issued)
      throws GeneralSecurityException {
    all.put(certificate, Pem.of(issued.certificate()));
    all.put(key, Pem.of(issued.key()));
  }

  /** The present authority; null if there is none, or it is due. */
  private Authority authority(Instant now) {
    try {
      X509Certificate certificate = first(CA);
      return due(certificate, now)
          ? null
          : new Authority(certificate, Pem.key(texts.getOrDefault(CA_KEY, "")));
    } catch (GeneralSecurityException e) {
      return null;
    }
  }

  private String stillValid(Instant now) throws GeneralSecurityException {
    StringBuilder pem = new StringBuilder();
    for (X509Certificate certificate : readable(CA)) {
      if (certificate.getNotAfter().toInstant().isAfter(now)) {
        pem.append(Pem.of(certificate));
      }
    }
    return pem.toString();
  }

  private List<X509Certificate> readable(String key) {
    try {
      return Pem.certificates(texts.getOrDefault(key, ""));
    } catch (GeneralSecurityException e) {
      return List.of();
    }
  }

  private X509Certificate first(String key) throws GeneralSecurityException {
    return readable(key).stream()
        .findFirst()
        .orElseThrow(() -> new GeneralSecurityException("no certificate in " + key));
  }

  private boolean serves(String certificate, String key, Authority authority, Instant now) {
    try {
      X509Certificate present = first(certificate);
      present.verify(authority.certificate().getPublicKey());
      Pem.key(texts.getOrDefault(key, ""));
      return !due(present, now);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean due(X509Certificate certificate, Instant now) {
    Instant from = certificate.getNotBefore().toInstant();
    Duration lifetime = Duration.between(from, certificate.getNotAfter().toInstant());
    return !now.isBefore(from.plus(lifetime.multipliedBy(2).dividedBy(3)));
  }

  private Set<String> names(String key) throws GeneralSecurityException {
    Collection<List<?>> names = first(key).getSubjectAlternativeNames();
    return names == null
        ? Set.of()
        : canonical(names.stream().map(name -> String.valueOf(name.get(1))).toList());
  }

  /** An address can be written in several ways. */
  private static Set<String> canonical(List<String> names) throws GeneralSecurityException {
    Set<String> all = new HashSet<>();
    for (String name : names) {
      try {
        all.add(Authority.isAddress(name) ? InetAddress.getByName(name).getHostAddress() : name);
      } catch (UnknownHostException e) {
        throw new GeneralSecurityException(name + " is no address", e);
      }
    }
    return all;
  }
}
