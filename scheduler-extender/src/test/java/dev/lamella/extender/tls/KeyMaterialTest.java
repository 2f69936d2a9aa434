package dev.lamella.extender.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.PrivateKey;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyMaterialTest {

  private static final TestCertificates CA = new TestCertificates("CN=ca");

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void readsKeysInEveryForm(String algorithm) throws Exception {
    TestCertificates.Signed signed = CA.sign("server", algorithm);
    String chain = signed.certificatePem() + CA.pem();

    for (String key : new String[] {signed.pkcs8Key(), signed.traditionalKey()}) {
      KeyMaterial material = KeyMaterial.of(new KeyPem(chain, key, ""));

      assertThat(material.keys().getCertificateChain("server")).hasSize(2);
      PrivateKey read = (PrivateKey) material.keys().getKey("server", new char[0]);
      assertThat(KeyPairs.match(read, signed.certificate().getPublicKey())).isTrue();
      assertThat(material.clientAuthorities()).isEmpty();
      assertThat(material.expires()).isEqualTo(signed.certificate().getNotAfter().toInstant());
    }
  }

  static Stream<Object[]> wrong() {
    TestCertificates.Signed one = CA.sign("one", "EC");
    TestCertificates.Signed two = CA.sign("two", "EC");
    String other = CA.sign("three", "RSA").pkcs8Key();
    String cut = one.pkcs8Key().substring(0, 60);
    return Stream.of(
        new Object[] {"", one.pkcs8Key(), "", "certificate"},
        new Object[] {"nonsense", one.pkcs8Key(), "", "certificate"},
        new Object[] {one.certificatePem(), "", "", "no unencrypted private key"},
        new Object[] {one.certificatePem(), cut, "", "private key"},
        new Object[] {one.certificatePem(), two.pkcs8Key(), "", "not the certificate's"},
        new Object[] {one.certificatePem(), other, "", "not the certificate's"},
        new Object[] {one.certificatePem(), one.pkcs8Key(), "nonsense", "client authority"});
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void saysWhichPartCannotBeUsed(String chain, String key, String authorities, String message) {
    assertThatThrownBy(() -> KeyMaterial.of(new KeyPem(chain, key, authorities)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aKeyIsNeverPrinted() {
    TestCertificates.Signed one = CA.sign("one", "EC");

    assertThat(new KeyPem(one.certificatePem(), one.pkcs8Key(), "").toString())
        .doesNotContain("PRIVATE");
  }
}
