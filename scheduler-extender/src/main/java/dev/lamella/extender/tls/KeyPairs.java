package dev.lamella.extender.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/** Whether a key belongs to a certificate: they are replaced one after the other, as files are. */
final class KeyPairs {

  private static final byte[] SIGNED = "lamella".getBytes(StandardCharsets.UTF_8);

  private KeyPairs() {}

  static boolean match(PrivateKey key, PublicKey certified) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC", "ECDSA" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(key);
      signing.update(SIGNED);
      byte[] signature = signing.sign();
      Signature checking = Signature.getInstance(algorithm);
      checking.initVerify(certified);
      checking.update(SIGNED);
      return checking.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
