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

  /** Applies templates of the chart as helm would: an upgrade of the release finds its own. */
  void applyAsHelm(String rendered) throws IOException, InterruptedException {
    runWith(
        rendered, "apply", "--server-side", "--force-conflicts", "--field-manager=helm", "-f", "-");
  }

  /** Deletes what a manifest names, as far as it is there. */
  void delete(String manifest) throws IOException, InterruptedException {
    runWith(manifest, "delete", "--ignore-not-found", "-f", "-");
  }

  /** Has the API server judge a manifest without keeping anything; unknown fields are errors. */
  void judge(String manifest) throws IOException, InterruptedException {
    runWith(manifest, "apply", "--dry-run=server", "--validate=strict", "-f", "-");
  }

  private String runWith(String stdin, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(tools.kubectl().toString()));
    command.addAll(List.of("--kubeconfig", kubeconfig.toString()));
    command.addAll(List.of(arguments));
    return Command.run(SECONDS, kubeconfig.getParent(), stdin, command);
  }

  /** Installs a chart as release "lamella", as the guide says; values are KEY=VALUE. */
  void install(Path chart, String namespace, List<String> values)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("install", "lamella", chart.toString()));
    arguments.addAll(List.of("--namespace", namespace, "--create-namespace", "--wait"));
    helm(arguments, values);
    run(
        "wait",
        "--for=condition=Established",
        "crd/tenants.lamella.dev",
        "crd/gpunodes.lamella.dev");
  }

  /**
   * Some of the chart's templates as the release has them, with other values.
   *
   * @param templates names of files
   */
  String render(Path chart, String namespace, List<String> templates, List<String> values)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("template", "lamella", chart.toString()));
    arguments.addAll(List.of("--namespace", namespace));
    templates.forEach(file -> arguments.addAll(List.of("--show-only", "templates/" + file)));
    return helm(arguments, values);
  }

  /**
   * Runs helm.
   *
   * @param values KEY=VALUE
   */
  String helm(List<String> arguments, List<String> values)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(tools.helm().toString()));
    command.addAll(List.of("--kubeconfig", kubeconfig.toString()));
    command.addAll(arguments);
    values.forEach(value -> command.addAll(List.of("--set", value)));
    return Command.run(SECONDS, kubeconfig.getParent(), "", command);
  }

  /** A kubeconfig with a token of a service account (TokenRequest), good for an hour. */
  Path accountConfig(String namespace, String account) throws IOException, InterruptedException {
    return accountConfig(namespace, account, account);
  }

  /**
   * As {@link #accountConfig(String, String)}, with a token that says on which node its bearer
   * runs, as the kubelet gives to pods.
   */
  Path nodeAccountConfig(String namespace, String account, String node)
      throws IOException, InterruptedException {
    return accountConfig(
        namespace,
        account,
        account + "-" + node,
        "--bound-object-kind",
        "Node",
        "--bound-object-name",
        node);
  }

  private Path accountConfig(String namespace, String account, String file, String... bound)
      throws IOException, InterruptedException {
    List<String> create = new ArrayList<>(List.of("create", "token", account));
    create.addAll(List.of("--namespace", namespace, "--duration", "1h"));
    create.addAll(List.of(bound));
    String token = run(create.toArray(String[]::new)).strip();
    YAMLMapper yaml = new YAMLMapper();
    ObjectNode config = (ObjectNode) yaml.readTree(kubeconfig.toFile());
    ObjectNode user = (ObjectNode) config.path("users").path(0).path("user");
    user.removeAll().put("token", token);
    Path written = kubeconfig.resolveSibling(file + ".kubeconfig");
    return Files.writeString(written, yaml.writeValueAsString(config));
  }
}
