package dev.lamella.extender.tls;

import java.util.Objects;

/**
 * What a server shows and whom it believes, as PEM.
 *
 * @param certificateChain its certificate first, then those above it
 * @param privateKey the certificate's key: PKCS#8, PKCS#1 or SEC 1
 * @param clientAuthorities who may sign client certificates; empty: none are asked for
 */
public record KeyPem(String certificateChain, String privateKey, String clientAuthorities) {

  public KeyPem {
    Objects.requireNonNull(certificateChain, "certificateChain");
    Objects.requireNonNull(privateKey, "privateKey");
    Objects.requireNonNull(clientAuthorities, "clientAuthorities");
  }

  /** The key must not get into a log. */
  @Override
  public String toString() {
    return "KeyPem[" + certificateChain.length() + " characters of certificates]";
  }
}
