package dev.lamella.extender.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * HTTPS from files, which are read again when they change.
 *
 * @param certFile the certificate and those above it, PEM
 * @param keyFile its private key, PEM
 * @param clientCaFile who may sign client certificates, PEM; left out: none are asked for
 */
public record TlsConfig(String certFile, String keyFile, String clientCaFile) {

  /**
   * @throws IllegalArgumentException naming the key that is missing
   */
  public TlsConfig {
    if (certFile == null || certFile.isBlank()) {
      throw new IllegalArgumentException("tls.certFile is missing, expected a file's path");
    }
    if (keyFile == null || keyFile.isBlank()) {
      throw new IllegalArgumentException("tls.keyFile is missing, expected a file's path");
    }
  }

  public Path certificate() {
    return Path.of(certFile);
  }

  public Path key() {
    return Path.of(keyFile);
  }

  public Optional<Path> clientAuthorities() {
    return Optional.ofNullable(clientCaFile).map(Path::of);
  }
}
