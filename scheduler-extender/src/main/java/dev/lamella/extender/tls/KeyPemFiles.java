package dev.lamella.extender.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads PEM files, anew each time. */
public final class KeyPemFiles implements Supplier<KeyPem> {

  private final Path certificate;
  private final Path key;
  private final Optional<Path> clientAuthorities;

  public KeyPemFiles(Path certificate, Path key, Optional<Path> clientAuthorities) {
    this.certificate = certificate;
    this.key = key;
    this.clientAuthorities = clientAuthorities;
  }

  /**
   * @throws UncheckedIOException naming the file that cannot be read
   */
  @Override
  public KeyPem get() {
    return new KeyPem(
        read(certificate), read(key), clientAuthorities.map(KeyPemFiles::read).orElse(""));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(new IOException(file + " cannot be read: " + e, e));
    }
  }
}
