package dev.lamella.extender.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * PEM as the stores that Java's TLS reads.
 *
 * @param keys the certificate chain and its key, under an empty password
 * @param clientAuthorities who may sign client certificates; empty: none are asked for
 * @param expires when the server's certificate ends
 */
public record KeyMaterial(KeyStore keys, Optional<KeyStore> clientAuthorities, Instant expires) {

  private static final char[] NO_PASSWORD = new char[0];

  /**
   * Reads PEM.
   *
   * @throws IllegalArgumentException saying which part cannot be used, and why
   */
  public static KeyMaterial of(KeyPem pem) {
    Certificate[] chain = certificates("certificate", pem.certificateChain());
    PrivateKey key = key(pem.privateKey());
    X509Certificate own = (X509Certificate) chain[0];
    if (!KeyPairs.match(key, own.getPublicKey())) {
      throw new IllegalArgumentException("the private key is not the certificate's");
    }
    try {
      KeyStore keys = empty();
      keys.setKeyEntry("server", key, NO_PASSWORD, chain);
      Optional<KeyStore> authorities =
          pem.clientAuthorities().isBlank()
              ? Optional.empty()
              : Optional.of(authorities(pem.clientAuthorities()));
      return new KeyMaterial(keys, authorities, own.getNotAfter().toInstant());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("the certificate cannot be used: " + e.getMessage(), e);
    }
  }

  private static KeyStore authorities(String pem) throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    Certificate[] all = certificates("client authority", pem);
    for (int i = 0; i < all.length; i++) {
      store.setCertificateEntry("authority-" + i, all[i]);
    }
    return store;
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  private static Certificate[] certificates(String what, String pem) {
    try {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
      if (all.isEmpty()) {
        throw new IllegalArgumentException("there is no " + what + " in the PEM");
      }
      return all.toArray(Certificate[]::new);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the " + what + " is no PEM: " + e.getMessage(), e);
    }
  }

  /** BouncyCastle knows the older forms too, of which cert-manager writes one by default. */
  private static PrivateKey key(String pem) {
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
      for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
        if (next instanceof PEMKeyPair pair) {
          // Not the pair: an EC key need not say its public half.
          return converter.getPrivateKey(pair.getPrivateKeyInfo());
        }
        if (next instanceof PrivateKeyInfo info) {
          return converter.getPrivateKey(info);
        }
      }
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException("the private key cannot be read: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException("there is no unencrypted private key in the PEM");
  }
}
