package dev.lamella.deviceplugin.api;

import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import okhttp3.ConnectionSpec;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/**
 * Where the API server is and what makes a client welcome there. client-java reads the kubeconfig;
 * its ApiClient is left alone, since making one loads and sets up the types of all of Kubernetes:
 * 800 classes, a tenth of this daemon's memory.
 *
 * @param server the API server's root
 * @param http a client that trusts it and carries the credentials
 */
record Access(HttpUrl server, OkHttpClient http) {

  private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  /**
   * As the pod that this runs in.
   *
   * @throws IOException if it is no pod, or its service account is not mounted
   */
  static Access ofPod(Map<String, String> environment, Path account) throws IOException {
    String host = environment.get("KUBERNETES_SERVICE_HOST");
    String port = environment.get("KUBERNETES_SERVICE_PORT");
    if (host == null || port == null) {
      throw new IOException(
          "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: outside of a cluster"
              + " --kubeconfig is needed, or --standalone");
    }
    HttpUrl server =
        new HttpUrl.Builder().scheme("https").host(host).port(Integer.parseInt(port)).build();
    Path token = account.resolve("token");
    OkHttpClient.Builder http = new OkHttpClient.Builder();
    Tls.trust(http, Files.readAllBytes(account.resolve("ca.crt")));
    http.addInterceptor(new Credential(() -> "Bearer " + Files.readString(token).strip()));
    return new Access(server, http.build());
  }

  /** As the pod that this runs in, where Kubernetes puts what it needs. */
  static Access ofPod() throws IOException {
    return ofPod(System.getenv(), ACCOUNT);
  }

  /**
   * As a kubeconfig says.
   *
   * @throws IOException if it cannot be read or used
   */
  static Access of(Path kubeconfig) throws IOException {
    KubeConfig config;
    try (Reader reader = Files.newBufferedReader(kubeconfig)) {
      config = KubeConfig.loadKubeConfig(reader);
    }
    config.setFile(kubeconfig.toFile());
    HttpUrl server = HttpUrl.parse(String.valueOf(config.getServer()));
    if (server == null) {
      throw new IOException(
          "%s: the cluster's server is %s, expected an http or https URL"
              .formatted(kubeconfig, config.getServer()));
    }
    OkHttpClient.Builder http = new OkHttpClient.Builder();
    if (server.isHttps()) {
      Tls.configure(http, config);
    } else {
      // Or it would read all the authorities that the JDK trusts, for nobody.
      http.connectionSpecs(List.of(ConnectionSpec.CLEARTEXT));
    }
    http.addInterceptor(new Credential(() -> header(config)));
    return new Access(server, http.build());
  }

  private static String header(KubeConfig config) {
    Map<String, String> credentials = config.getCredentials();
    String token = credentials == null ? null : credentials.get(KubeConfig.CRED_TOKEN_KEY);
    if (token != null) {
      return "Bearer " + token;
    }
    return config.getUsername() == null
        ? null
        : Credentials.basic(config.getUsername(), String.valueOf(config.getPassword()));
  }
}
