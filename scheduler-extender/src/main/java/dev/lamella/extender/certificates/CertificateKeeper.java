package dev.lamella.extender.certificates;

import dev.lamella.extender.config.CertificatesConfig;
import dev.lamella.extender.config.WrongInput;
import dev.lamella.extender.kube.CaBundle;
import dev.lamella.extender.kube.KubeApi;
import dev.lamella.extender.kube.SecretStore;
import dev.lamella.extender.tls.KeyPem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the certificates: whichever replica finds something missing or due makes it, and the first
 * to write wins; the others take what they then read. Whoever starts first makes everything.
 */
public final class CertificateKeeper implements Supplier<KeyPem>, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CertificateKeeper.class);
  private static final Path OWN_NAMESPACE =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");
  private static final long EVERY_SECONDS = 30;
  private static final long START_SECONDS = 60;
  private static final long PAUSE_MILLIS = 500;
  private static final int ATTEMPTS = 5;

  private final SecretStore secret;
  private final Optional<CaBundle> bundle;
  private final CertificatesConfig config;
  private final Clock clock;
  private final SecureRandom random;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread named = new Thread(task, "certificates");
            named.setDaemon(true);
            return named;
          });
  private volatile CertificateSet current;

  CertificateKeeper(
      KubeApi api, String namespace, CertificatesConfig config, Clock clock, SecureRandom random) {
    this.secret = new SecretStore(api, namespace, config.secret());
    this.bundle =
        config.webhookConfiguration().isEmpty()
            ? Optional.empty()
            : Optional.of(new CaBundle(api, config.webhookConfiguration(), config.webhook()));
    this.config = config;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Starts; returns when there are certificates.
   *
   * @throws WrongInput if it is not known in which namespace the Secret is
   * @throws IllegalStateException with the reason, if there are none within a minute
   */
  public static CertificateKeeper start(KubeApi api, CertificatesConfig config, Clock clock) {
    CertificateKeeper keeper =
        new CertificateKeeper(api, namespace(config), config, clock, new SecureRandom());
    keeper.awaitFirst();
    keeper.thread.scheduleWithFixedDelay(keeper::tickAndLog, 0, EVERY_SECONDS, TimeUnit.SECONDS);
    return keeper;
  }

  private static String namespace(CertificatesConfig config) {
    if (!config.namespace().isEmpty()) {
      return config.namespace();
    }
    try {
      return Files.readString(OWN_NAMESPACE).strip();
    } catch (IOException e) {
      throw new WrongInput(
          "certificates.namespace is empty and this is no pod: expected the Secret's", e);
    }
  }

  /** The server's certificate, as of now. */
  @Override
  public KeyPem get() {
    return current.keyPem();
  }

  private void awaitFirst() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    String told = "";
    while (current == null) {
      try {
        current = kept();
      } catch (IOException | GeneralSecurityException e) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("no certificates: " + e.getMessage(), e);
        }
        if (!told.equals(e.getMessage())) {
          LOG.warn("no certificates yet: {}", e.getMessage());
          told = String.valueOf(e.getMessage());
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void tickAndLog() {
    try {
      tick();
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      LOG.warn("certificates are not kept: {}", e.getMessage());
    }
  }

  /** Renews what is due, takes over what others renewed, and keeps up the webhook's bundle. */
  void tick() throws IOException, GeneralSecurityException {
    current = kept();
    if (bundle.isPresent() && bundle.get().keep(current.authorities())) {
      LOG.info("the webhook's caBundle is {}'s", config.secret());
    }
  }

  private CertificateSet kept() throws IOException, GeneralSecurityException {
    for (int i = 0; i < ATTEMPTS; i++) {
      Optional<SecretStore.Stored> stored = secret.read();
      CertificateSet before =
          new CertificateSet(stored.map(SecretStore.Stored::texts).orElse(Map.of()));
      CertificateSet after = before.renewed(config.dnsNames(), clock.instant(), random);
      if (after.equals(before)) {
        return before;
      }
      if (secret.write(stored, after.texts())) {
        LOG.info("certificates written to secret {}", config.secret());
        return after;
      }
    }
    throw new IOException("secret " + config.secret() + " is being written by others all the time");
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
