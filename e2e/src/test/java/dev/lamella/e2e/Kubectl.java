package dev.lamella.e2e;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** kubectl and helm as the administrator. */
record Kubectl(Tools tools, Path kubeconfig) {

  private static final long SECONDS = 90;

  /** Runs kubectl; what it wrote. */
  String run(String... arguments) throws IOException, InterruptedException {
    return runWith("", arguments);
  }

  /** Applies a manifest that is given as text. */
  void apply(String manifest) throws IOException, InterruptedException {
    runWith(manifest, "apply", "-f", "-");
  }

  private String runWith(String stdin, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(tools.kubectl().toString()));
    command.addAll(List.of("--kubeconfig", kubeconfig.toString()));
    command.addAll(List.of(arguments));
    return Command.run(SECONDS, kubeconfig.getParent(), stdin, command);
  }

  /** Installs a chart as release "lamella", as the guide says. */
  void install(Path chart, String namespace) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(tools.helm().toString()));
    command.addAll(List.of("--kubeconfig", kubeconfig.toString()));
    command.addAll(List.of("install", "lamella", chart.toString()));
    command.addAll(List.of("--namespace", namespace, "--create-namespace", "--wait"));
    Command.run(SECONDS, kubeconfig.getParent(), "", command);
    run(
        "wait",
        "--for=condition=Established",
        "crd/tenants.lamella.dev",
        "crd/gpunodes.lamella.dev");
  }

  /** A kubeconfig with a token of a service account (TokenRequest), good for an hour. */
  Path accountConfig(String namespace, String account) throws IOException, InterruptedException {
    String token =
        run("create", "token", account, "--namespace", namespace, "--duration", "1h").strip();
    YAMLMapper yaml = new YAMLMapper();
    ObjectNode config = (ObjectNode) yaml.readTree(kubeconfig.toFile());
    ObjectNode user = (ObjectNode) config.path("users").path(0).path("user");
    user.removeAll().put("token", token);
    Path file = kubeconfig.resolveSibling(account + ".kubeconfig");
    return Files.writeString(file, yaml.writeValueAsString(config));
  }
}
