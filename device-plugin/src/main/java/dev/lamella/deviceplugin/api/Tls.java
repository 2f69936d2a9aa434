package dev.lamella.deviceplugin.api;

import io.kubernetes.client.util.KubeConfig;
import io.kubernetes.client.util.SSLUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;

/** Whom a client trusts, and the certificate that it shows. */
final class Tls {

  private Tls() {}

  /**
   * Trusts a certificate authority and no other.
   *
   * @param authority in PEM; null for those that the JDK trusts
   */
  static void trust(OkHttpClient.Builder http, byte[] authority) throws IOException {
    try {
      apply(http, null, trusting(authority));
    } catch (GeneralSecurityException e) {
      throw new IOException("the API server's certificate authority cannot be used: " + e, e);
    }
  }

  /** As a kubeconfig says. */
  static void configure(OkHttpClient.Builder http, KubeConfig config) throws IOException {
    try {
      boolean verify = config.verifySSL();
      byte[] authority =
          config.getDataOrFileRelative(
              config.getCertificateAuthorityData(), config.getCertificateAuthorityFile());
      apply(http, keys(config), verify ? trusting(authority) : new Anybody());
      if (!verify) {
        http.hostnameVerifier((name, session) -> true);
      } else if (config.getTlsServerName() != null) {
        String expected = config.getTlsServerName();
        HostnameVerifier plain = new OkHttpClient().hostnameVerifier();
        http.hostnameVerifier((name, session) -> plain.verify(expected, session));
      }
    } catch (GeneralSecurityException e) {
      throw new IOException("the kubeconfig's certificates cannot be used: " + e, e);
    }
  }

  private static KeyManager[] keys(KubeConfig config) throws GeneralSecurityException, IOException {
    byte[] certificate =
        config.getDataOrFileRelative(
            config.getClientCertificateData(), config.getClientCertificateFile());
    byte[] key = config.getDataOrFileRelative(config.getClientKeyData(), config.getClientKeyFile());
    return certificate == null || key == null
        ? null
        : SSLUtils.keyManagers(certificate, key, "", "", null, null);
  }

  private static X509TrustManager trusting(byte[] authority)
      throws GeneralSecurityException, IOException {
    KeyStore store = null;
    if (authority != null) {
      store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate one :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(authority))) {
        store.setCertificateEntry("ca" + number++, one);
      }
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }

  private static void apply(OkHttpClient.Builder http, KeyManager[] keys, X509TrustManager trust)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {trust}, null);
    http.sslSocketFactory(context.getSocketFactory(), trust);
  }

  /** For insecure-skip-tls-verify. */
  private static final class Anybody extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
