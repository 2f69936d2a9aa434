package dev.lamella.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.nvml.simulated.NodeLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** kube-scheduler's configuration as docs/operate.md gives it, with this cluster's addresses. */
final class SchedulerConfig {

  private static final String BLOCK = "```yaml\napiVersion: kubescheduler";
  private static final YAMLMapper YAML = new YAMLMapper();

  private SchedulerConfig() {}

  /** The example of the guide. */
  static ObjectNode documented(Checkout checkout) throws IOException {
    String guide = Files.readString(checkout.root().resolve("docs/operate.md"));
    int start = guide.indexOf(BLOCK) + "```yaml\n".length();
    if (start < "```yaml\n".length()) {
      throw new IllegalStateException("docs/operate.md has no KubeSchedulerConfiguration");
    }
    return (ObjectNode) YAML.readTree(guide.substring(start, guide.indexOf("```", start)));
  }

  /**
   * Writes a configuration.
   *
   * @param config changed to lead to this cluster's API server
   */
  static Path write(ObjectNode config, Path kubeconfig, Path file) throws IOException {
    config.withObject("/clientConnection").put("kubeconfig", kubeconfig.toString());
    config.putObject("leaderElection").put("leaderElect", false);
    return Files.writeString(file, YAML.writeValueAsString(config));
  }

  /** Gives its client other limits than its own, which are 50 requests a second after 100. */
  static void withRequests(ObjectNode config, int perSecond) {
    config.withObject("/clientConnection").put("qps", perSecond).put("burst", perSecond);
  }

  /** Points the one extender at an address and lists what the nodes advertise. */
  static ObjectNode withExtender(ObjectNode config, String url, List<NodeLayout> layout) {
    ObjectNode extender = (ObjectNode) config.path("extenders").path(0);
    extender.put("urlPrefix", url);
    Set<String> names = new TreeSet<>();
    for (JsonNode resource : extender.path("managedResources")) {
      names.add(resource.path("name").asText());
    }
    layout.forEach(node -> names.addAll(resources(node)));
    ArrayNode managed = extender.putArray("managedResources");
    names.forEach(n -> managed.addObject().put("name", n).put("ignoredByScheduler", true));
    return config;
  }

  /** Calls the extender by HTTPS, with a certificate of its own; all files of one folder. */
  static void withCertificates(ObjectNode config, Path folder) {
    ((ObjectNode) config.path("extenders").path(0))
        .put("enableHTTPS", true)
        .putObject("tlsConfig")
        .put("caFile", folder.resolve("ca.crt").toString())
        .put("certFile", folder.resolve("client.crt").toString())
        .put("keyFile", folder.resolve("client.key").toString());
  }

  private static Set<String> resources(NodeLayout node) {
    Set<String> names = new TreeSet<>();
    node.gpus().stream()
        .flatMap(gpu -> gpu.slices().stream())
        .forEach(
            slice -> {
              names.add(ResourceName.whole(slice.profile().name()).text());
              names.add(ResourceName.shared(slice.profile().name()).text());
            });
    return names;
  }
}
