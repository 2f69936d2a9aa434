package dev.lamella.extender.inspect;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which cluster and which namespace, as kubectl has them; and where the extender is. */
final class ClusterFlags {

  @Option(names = "--kubeconfig", paramLabel = "FILE", description = "As kubectl's.")
  Path kubeconfig;

  @Option(names = "--context", paramLabel = "NAME", description = "As kubectl's.")
  String context;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      description = "As kubectl's. Default: the context's.")
  String namespace;

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Pods of all namespaces.")
  boolean allNamespaces;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, wide, json or yaml. Default: table.")
  Output output;

  @Option(
      names = "--extender",
      paramLabel = "URL",
      description =
          "Where the scheduler extender is. Default: LAMELLA_EXTENDER, else its pod is found and"
              + " reached through the API server.")
  String extender;

  @Option(
      names = "--extender-namespace",
      paramLabel = "NAME",
      description = "Where its pod is looked for. Default: all namespaces.")
  String extenderNamespace;

  @Option(
      names = "--extender-ca",
      paramLabel = "FILE",
      description = "Who vouches for the extender's certificate (PEM). Default: the JVM's.")
  Path extenderCa;

  /** How results are written. */
  enum Output {
    table,
    wide,
    json,
    yaml
  }
}
