package dev.lamella.e2e;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.auth.ApiKeyAuth;
import io.kubernetes.client.util.Config;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Upstream's etcd, kube-apiserver and kube-controller-manager, with real TLS and RBAC. */
final class ControlPlane {

  private static final long BUILD_SECONDS = 1800;

  private final Launcher launcher;
  private final Checkout checkout;
  private final Path pki;
  private final int port;
  private String etcdClient;
  private String etcdPeer;
  private Program etcd;
  private Program server;

  private ControlPlane(Launcher launcher, Checkout checkout, int port) {
    this.launcher = launcher;
    this.checkout = checkout;
    this.pki = checkout.run().resolve("pki");
    this.port = port;
  }

  /** Builds the binary if it is not up to date, which the first time takes minutes. */
  static void build(Checkout checkout) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(checkout.controlplane("build.sh").toString()));
    if (!Checkout.kubernetes().isEmpty()) {
      command.add(Checkout.kubernetes());
    }
    Process build =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(
                ProcessBuilder.Redirect.appendTo(checkout.logs().resolve("build.log").toFile()))
            .start();
    if (!build.waitFor(BUILD_SECONDS, java.util.concurrent.TimeUnit.SECONDS)) {
      build.destroyForcibly();
      throw new IllegalStateException("build.sh took more than " + BUILD_SECONDS + " s");
    }
    if (build.exitValue() != 0) {
      throw new IllegalStateException(
          "the control plane cannot be built:\n"
              + Program.tail(checkout.logs().resolve("build.log"), 30));
    }
  }

  /**
   * Starts and waits until the API server is ready.
   *
   * @param nodes that get credentials
   */
  static ControlPlane start(Launcher launcher, Checkout checkout, List<String> nodes)
      throws Exception {
    ControlPlane plane = new ControlPlane(launcher, checkout, Ports.free());
    plane.issueCredentials(nodes);
    plane.startEtcd();
    plane.forgetFirstVersions();
    plane.startApiServer();
    plane.startControllers();
    return plane;
  }

  private void issueCredentials(List<String> nodes) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(checkout.binary().toString(), "credentials", "--dir", pki.toString()));
    command.addAll(List.of("--server", server()));
    nodes.forEach(node -> command.addAll(List.of("--node", node)));
    Command.run(60, checkout.root(), "", command);
  }

  String server() {
    return "https://127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  Path pki(String file) {
    return pki.resolve(file);
  }

  Path kubeconfig(String account) {
    return pki(account + ".kubeconfig");
  }

  /** Who did what: one line of JSON for each write. */
  Path auditLog() {
    return launcher.logs().resolve("audit.jsonl");
  }

  /** A client that may do everything, also in requests that it has not built itself. */
  ApiClient admin() throws IOException {
    return client(kubeconfig("admin"));
  }

  /** A client with the token of a kubeconfig. */
  static ApiClient client(Path kubeconfig) throws IOException {
    ApiClient client = Config.fromConfig(kubeconfig.toString());
    String token = ((ApiKeyAuth) client.getAuthentication("BearerToken")).getApiKey();
    return client.setHttpClient(
        client
            .getHttpClient()
            .newBuilder()
            .readTimeout(Duration.ofSeconds(30))
            .addInterceptor(
                chain ->
                    chain.proceed(
                        chain
                            .request()
                            .newBuilder()
                            .header("Authorization", "Bearer " + token)
                            .header("User-Agent", Audit.TESTS)
                            .build()))
            .build());
  }

  /** SIGKILL, and starts it anew where it was; returns when it is ready. */
  void killApiServer() throws Exception {
    server.kill();
    startApiServer();
  }

  /** SIGKILL, and starts it anew on its data; returns when the API server is ready. */
  void killEtcd() throws Exception {
    etcd.kill();
    runEtcd();
    awaitReady();
  }

  private void startEtcd() throws Exception {
    etcdClient = "http://127.0.0.1:" + Ports.free();
    etcdPeer = "http://127.0.0.1:" + Ports.free();
    runEtcd();
  }

  private void runEtcd() throws IOException {
    etcd =
        run(
            "etcd",
            "--name=e2e",
            "--data-dir=" + checkout.run().resolve("etcd"),
            "--listen-client-urls=" + etcdClient,
            "--advertise-client-urls=" + etcdClient,
            "--listen-peer-urls=" + etcdPeer,
            "--initial-advertise-peer-urls=" + etcdPeer,
            "--initial-cluster=e2e=" + etcdPeer,
            "--unsafe-no-fsync",
            "--log-level=warn");
  }

  /** The first versions belong to the time before the API server: it has forgotten them. */
  private void forgetFirstVersions() throws Exception {
    for (int version = 0; version < 10; version++) {
      Eventually.succeeds(
          "etcd writes",
          () -> Web.post(etcdClient + "/v3/kv/put", "{\"key\": \"ZTJl\", \"value\": \"ZTJl\"}"));
    }
  }

  private void startApiServer() throws Exception {
    Path policy = pki("audit.yaml");
    try (InputStream in = ControlPlane.class.getResourceAsStream("audit.yaml")) {
      Files.copy(in, policy, StandardCopyOption.REPLACE_EXISTING);
    }
    server =
        run(
            "kube-apiserver",
            "--etcd-servers=" + etcdClient,
            "--bind-address=127.0.0.1",
            "--secure-port=" + port,
            "--advertise-address=192.0.2.1", // loopback is refused here, and nobody dials this one
            "--tls-cert-file=" + pki("kube-apiserver.crt"),
            "--tls-private-key-file=" + pki("kube-apiserver.key"),
            "--service-cluster-ip-range=10.96.0.0/16",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-key-file=" + pki("service-accounts.pub"),
            "--service-account-signing-key-file=" + pki("service-accounts.key"),
            "--token-auth-file=" + pki("tokens.csv"),
            "--authorization-mode=Node,RBAC",
            "--enable-admission-plugins=NodeRestriction",
            "--allow-privileged=true", // as kubeadm has it; a daemon with the host's driver is
            "--audit-policy-file=" + policy,
            "--audit-log-path=" + auditLog(),
            "--audit-log-maxsize=2048"); // MiB; at 100 it would begin anew, and writes go uncounted
    awaitReady();
  }

  private void awaitReady() throws Exception {
    Kube kube = new Kube(admin());
    Eventually.succeeds(
        "kube-apiserver ready",
        () -> {
          server.requireAlive();
          kube.get("/readyz");
        });
  }

  private void startControllers() throws IOException {
    run(
        "kube-controller-manager",
        "--kubeconfig=" + kubeconfig("kube-controller-manager"),
        "--leader-elect=false",
        "--use-service-account-credentials",
        "--root-ca-file=" + pki("ca.crt"),
        "--service-account-private-key-file=" + pki("service-accounts.key"),
        "--secure-port=0",
        "--node-monitor-period=1s");
  }

  /**
   * Starts kube-scheduler.
   *
   * @param config its KubeSchedulerConfiguration, with clientConnection set
   */
  Program startScheduler(Path config) throws IOException {
    Path kubeconfig = kubeconfig("kube-scheduler");
    return run(
        "kube-scheduler",
        "--config=" + config,
        "--authentication-kubeconfig=" + kubeconfig,
        "--authorization-kubeconfig=" + kubeconfig,
        "--secure-port=0",
        "--v=2");
  }

  /**
   * Starts another kube-scheduler.
   *
   * @param name of its log
   */
  Program launchScheduler(String name, List<String> flags) throws IOException {
    return run(name, "kube-scheduler", flags);
  }

  private Program run(String program, String... flags) throws IOException {
    return run(program, program, List.of(flags));
  }

  private Program run(String name, String program, List<String> flags) throws IOException {
    List<String> command = new ArrayList<>(List.of(checkout.binary().toString(), program));
    command.addAll(flags);
    return launcher.launch(name, command, Map.of());
  }
}
