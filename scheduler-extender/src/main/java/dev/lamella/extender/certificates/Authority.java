package dev.lamella.extender.certificates;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Who signs: a certificate of its own making, with its key. Elliptic curves (P-256) throughout. */
record Authority(X509Certificate certificate, PrivateKey key) {

  static final Duration LIFETIME = Duration.ofDays(3650);
  static final Duration LEAF_LIFETIME = Duration.ofDays(365);

  /** Clocks of clients may be behind ours by this much. */
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  private static final int SERIAL_BITS = 127;

  /** What was signed. */
  record Issued(X509Certificate certificate, PrivateKey key) {}

  /** Makes a new one. */
  static Authority make(Instant now, SecureRandom random) throws GeneralSecurityException {
    KeyPair pair = pair(random);
    X500Principal name = new X500Principal("CN=lamella " + now.getEpochSecond());
    JcaX509v3CertificateBuilder builder = builder(name, name, pair, now, LIFETIME, random);
    try {
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    } catch (CertIOException e) {
      throw new GeneralSecurityException(e);
    }
    return new Authority(sign(builder, pair.getPrivate()), pair.getPrivate());
  }

  /**
   * Signs a server's certificate.
   *
   * @param names DNS names or IP addresses
   */
  Issued server(List<String> names, Instant now, SecureRandom random)
      throws GeneralSecurityException {
    GeneralName[] all =
        names.stream()
            .map(
                n -> new GeneralName(isAddress(n) ? GeneralName.iPAddress : GeneralName.dNSName, n))
            .toArray(GeneralName[]::new);
    return issue("CN=lamella-scheduler-extender", KeyPurposeId.id_kp_serverAuth, all, now, random);
  }

  /** Signs a client's certificate. */
  Issued client(String name, Instant now, SecureRandom random) throws GeneralSecurityException {
    return issue("CN=" + name, KeyPurposeId.id_kp_clientAuth, new GeneralName[0], now, random);
  }

  static boolean isAddress(String name) {
    return name.matches("[0-9]{1,3}([.][0-9]{1,3}){3}") || name.contains(":");
  }

  private Issued issue(
      String subject, KeyPurposeId purpose, GeneralName[] names, Instant now, SecureRandom random)
      throws GeneralSecurityException {
    KeyPair pair = pair(random);
    JcaX509v3CertificateBuilder builder =
        builder(
            certificate.getSubjectX500Principal(),
            new X500Principal(subject),
            pair,
            now,
            LEAF_LIFETIME,
            random);
    try {
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate.getPublicKey()))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      if (names.length > 0) {
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
      }
    } catch (CertIOException e) {
      throw new GeneralSecurityException(e);
    }
    return new Issued(sign(builder, key), pair.getPrivate());
  }

  private static KeyPair pair(SecureRandom random) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Principal issuer,
      X500Principal subject,
      KeyPair pair,
      Instant now,
      Duration lifetime,
      SecureRandom random) {
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1),
        Date.from(now.minus(BACKDATED)),
        Date.from(now.plus(lifetime)),
        subject,
        pair.getPublic());
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }
}
