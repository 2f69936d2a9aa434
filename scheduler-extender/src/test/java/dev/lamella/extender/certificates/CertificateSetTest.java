package dev.lamella.extender.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CertificateSetTest {

  private static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");
  private static final List<String> NAMES = List.of("x.y.svc", "127.0.0.1", "::1");
  private static final CertificateSet NOTHING = new CertificateSet(Map.of());

  private final SecureRandom random = new SecureRandom();

  @Test
  void everythingIsMadeOfNothing() throws Exception {
    CertificateSet made = made();

    X509Certificate ca = first(made, CertificateSet.CA);
    X509Certificate server = first(made, CertificateSet.SERVER);
    X509Certificate client = first(made, CertificateSet.CLIENT);
    ca.verify(ca.getPublicKey());
    server.verify(ca.getPublicKey());
    client.verify(ca.getPublicKey());
    assertThat(ca.getBasicConstraints()).isZero();
    assertThat(server.getBasicConstraints()).isEqualTo(-1);
    assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(client.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(client.getSubjectX500Principal().getName()).isEqualTo("CN=kube-scheduler");
    assertThat(server.getSubjectAlternativeNames().stream().map(name -> name.get(1)).toList())
        .isEqualTo(List.of("x.y.svc", "127.0.0.1", "0:0:0:0:0:0:0:1"));
    assertThat(ca.getNotAfter()).isEqualTo(NOW.plus(Duration.ofDays(3650)));
    assertThat(server.getNotAfter()).isEqualTo(NOW.plus(Duration.ofDays(365)));
  }

  @Test
  void nothingIsRenewedBeforeTwoThirdsOfItsTime() throws Exception {
    CertificateSet made = made();

    assertThat(made.renewed(NAMES, NOW.plus(Duration.ofDays(243)), random)).isEqualTo(made);
  }

  @Test
  void afterTwoThirdsOfItsTimeACertificateIsRenewedByTheSameAuthority() throws Exception {
    CertificateSet made = made();
    CertificateSet later = made.renewed(NAMES, NOW.plus(Duration.ofDays(244)), random);

    assertThat(changed(made, later))
        .containsExactly(
            CertificateSet.CLIENT,
            CertificateSet.CLIENT_KEY,
            CertificateSet.SERVER,
            CertificateSet.SERVER_KEY);
    first(later, CertificateSet.SERVER).verify(first(made, CertificateSet.CA).getPublicKey());
  }

  @Test
  void anAuthorityThatIsReplacedIsStillBelievedUntilItsEnd() throws Exception {
    CertificateSet made = made();
    Instant then = NOW.plus(Duration.ofDays(2434));
    CertificateSet later = made.renewed(NAMES, then, random);

    List<X509Certificate> believed = Pem.certificates(later.authorities());
    assertThat(believed).hasSize(2);
    assertThat(believed.get(1)).isEqualTo(first(made, CertificateSet.CA));
    assertThat(believed.get(0).getSubjectX500Principal())
        .isNotEqualTo(believed.get(1).getSubjectX500Principal());
    first(later, CertificateSet.SERVER).verify(believed.get(0).getPublicKey());
    assertThat(later.renewed(NAMES, then, random)).isEqualTo(later);
    Instant end = NOW.plus(Duration.ofDays(2434 + 2434));
    assertThat(Pem.certificates(later.renewed(NAMES, end, random).authorities())).hasSize(2);
  }

  @Test
  void anotherNameLeadsToAnotherServersCertificateAlone() throws Exception {
    CertificateSet made = made();

    assertThat(changed(made, made.renewed(List.of("x.y.svc"), NOW, random)))
        .containsExactly(CertificateSet.SERVER, CertificateSet.SERVER_KEY);
  }

  @Test
  void whatCannotBeReadIsMadeAnewAndOtherKeysStay() throws Exception {
    CertificateSet made = made();
    Map<String, String> spoilt = new TreeMap<>(made.texts());
    spoilt.put(CertificateSet.SERVER_KEY, "-----BEGIN PRIVATE KEY-----\n!!\n");
    spoilt.put("somebody's", "own");
    CertificateSet mended = new CertificateSet(spoilt).renewed(NAMES, NOW, random);

    assertThat(changed(new CertificateSet(spoilt), mended))
        .containsExactly(CertificateSet.SERVER, CertificateSet.SERVER_KEY);
    Map<String, String> headless = new TreeMap<>(made.texts());
    headless.put(CertificateSet.CA_KEY, "");
    assertThat(changed(made, new CertificateSet(headless).renewed(NAMES, NOW, random)))
        .containsExactlyElementsOf(new TreeMap<>(made.texts()).keySet());
  }

  private CertificateSet made() throws GeneralSecurityException {
    return NOTHING.renewed(NAMES, NOW, random);
  }

  private static X509Certificate first(CertificateSet set, String key)
      throws GeneralSecurityException {
    return Pem.certificates(set.texts().get(key)).get(0);
  }

  private static List<String> changed(CertificateSet before, CertificateSet after) {
    return new TreeMap<>(after.texts())
        .keySet().stream()
            .filter(key -> !after.texts().get(key).equals(before.texts().get(key)))
            .toList();
  }
}
