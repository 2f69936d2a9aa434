package dev.lamella.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The certificate that the chart makes. */
class CertificateTest {

  private static final String NAME = "lamella-scheduler-extender-tls";

  @AfterEach
  void forget() {
    EmptyCluster.secret(NAME, null);
  }

  @Test
  void isSignedByItsAuthorityForTheNamesOfBothServices() throws Exception {
    JsonNode data = secret().path("data");
    X509Certificate authority = certificate(data.path("ca.crt"));
    X509Certificate own = certificate(data.path("tls.crt"));
    own.verify(authority.getPublicKey());
    List<String> names =
        own.getSubjectAlternativeNames().stream().map(n -> String.valueOf(n.get(1))).toList();
    assertThat(names)
        .contains(
            "lamella-scheduler-extender.lamella-system.svc", "lamella-webhook.lamella-system.svc");
    assertThat(own.getNotAfter().toInstant()).isAfter(Instant.now().plus(Duration.ofDays(3640)));
  }

  @Test
  void anUpgradeKeepsTheOneThatTheClusterHas() {
    ObjectNode first = secret();
    EmptyCluster.secret(NAME, first.toString());
    assertThat(secret()).isEqualTo(first);
  }

  @Test
  void anUpgradeInItsLastYearMakesANewOne() {
    ObjectNode old = secret();
    long soon = Instant.now().plus(Duration.ofDays(364)).getEpochSecond();
    ((ObjectNode) old.at("/metadata/annotations")).put("lamella.dev/not-after", "" + soon);
    EmptyCluster.secret(NAME, old.toString());
    assertThat(secret().at("/data/tls.crt")).isNotEqualTo(old.at("/data/tls.crt"));
  }

  private static ObjectNode secret() {
    return Chart.render("default").one("Secret", NAME).deepCopy();
  }

  private static X509Certificate certificate(JsonNode base64) throws Exception {
    byte[] pem = Base64.getDecoder().decode(base64.asText());
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
  }
}
