package dev.lamella.extender.http;

import dev.lamella.extender.tls.KeyMaterial;
import dev.lamella.extender.tls.KeyPem;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.GaugeMetricFamily;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server's TLS: what its keys are now, asked again and again. */
final class ServerTls implements AutoCloseable {

  /** How often the keys are asked for. */
  static final Duration EVERY = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

  private final Supplier<KeyPem> source;
  private final SslContextFactory.Server context = new SslContextFactory.Server();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread named = new Thread(task, "tls-keys");
            named.setDaemon(true);
            return named;
          });
  private KeyPem used;
  private volatile KeyMaterial material;
  private volatile String trouble = "";

  /**
   * @throws IllegalStateException if there are no keys that can be used
   */
  ServerTls(Supplier<KeyPem> source, Duration every) {
    this.source = source;
    try {
      used = source.get();
      material = KeyMaterial.of(used);
    } catch (RuntimeException e) {
      throw new IllegalStateException("tls: " + reason(e), e);
    }
    context.setIncludeProtocols("TLSv1.2", "TLSv1.3");
    context.setSniRequired(false);
    put(context, material);
    thread.scheduleWithFixedDelay(
        this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  SslContextFactory.Server context() {
    return context;
  }

  /** Whether clients are asked for a certificate. */
  boolean asksForCertificates() {
    return material.clientAuthorities().isPresent();
  }

  /** Why the keys in use are not the newest; empty if they are. */
  Optional<String> trouble() {
    return trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
  }

  private static void put(SslContextFactory.Server context, KeyMaterial material) {
    context.setKeyStore(material.keys());
    context.setKeyStorePassword("");
    context.setTrustStore(material.clientAuthorities().orElse(null));
    // Wanted, not needed: probes and people have none. The verbs insist on it.
    context.setWantClientAuth(material.clientAuthorities().isPresent());
  }

  /** Keys that cannot be used leave the old ones in force. */
  private void look() {
    try {
      KeyPem now = source.get();
      if (!now.equals(used)) {
        KeyMaterial next = KeyMaterial.of(now);
        if (material.clientAuthorities().isPresent() && next.clientAuthorities().isEmpty()) {
          throw new IllegalArgumentException("the client authorities are gone");
        }
        context.reload(factory -> put((SslContextFactory.Server) factory, next));
        used = now;
        material = next;
        LOG.info("tls reloaded, the certificate ends {}", next.expires());
      }
      trouble = "";
    } catch (Exception e) {
      String reason = reason(e);
      if (!reason.equals(trouble)) {
        LOG.error("tls: the keys are kept as they were: {}", reason);
      }
      trouble = reason;
    }
  }

  private static String reason(Exception e) {
    Throwable cause = e.getCause() != null && e.getMessage() == null ? e.getCause() : e;
    return String.valueOf(cause.getMessage());
  }

  void register(CollectorRegistry registry) {
    registry.register(
        new Collector() {
          @Override
          public List<MetricFamilySamples> collect() {
            return List.of(
                new GaugeMetricFamily(
                    "lamella_extender_tls_certificate_expiry_seconds",
                    "When the certificate in use ends, in seconds since the epoch.",
                    material.expires().getEpochSecond()),
                new GaugeMetricFamily(
                    "lamella_extender_tls_reload_failed",
                    "1 while newer keys are there that cannot be used.",
                    trouble.isEmpty() ? 0 : 1));
          }
        });
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
