package dev.lamella.charts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The rules of pod security's "restricted" (and of "baseline", which it contains), for Linux.
 * https://kubernetes.io/docs/concepts/security/pod-security-standards
 */
final class PodRules {

  private static final Set<String> SECCOMP = Set.of("RuntimeDefault", "Localhost");
  private static final Set<String> SELINUX =
      Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");

  private static final Set<String> VOLUMES =
      Set.of(
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "persistentVolumeClaim",
          "projected",
          "secret");

  private final List<String> broken = new ArrayList<>();

  private PodRules() {}

  /** The rules that a workload's pods break. */
  static List<String> broken(JsonNode workload) {
    PodRules rules = new PodRules();
    JsonNode spec = Rendered.podSpec(workload);
    if (spec.path("containers").isEmpty()) {
      throw new IllegalArgumentException("no containers: " + workload);
    }
    rules.pod(spec);
    for (String kind : List.of("initContainers", "containers")) {
      spec.path(kind).forEach(container -> rules.container(spec, container));
    }
    return rules.broken;
  }

  private void pod(JsonNode spec) {
    breaks(
        spec.path("hostPID").asBoolean()
            || spec.path("hostIPC").asBoolean()
            || spec.path("hostNetwork").asBoolean(),
        "host namespaces");
    spec.path("volumes")
        .forEach(
            volume -> {
              boolean host = volume.has("hostPath");
              if (host && !broken.contains("hostPath volumes")) {
                broken.add("hostPath volumes");
              }
              breaks(!host && !harmless(volume), "volume " + volume);
            });
    breaks(!spec.at("/securityContext/sysctls").isEmpty(), "sysctls");
  }

  private void container(JsonNode spec, JsonNode container) {
    JsonNode context = container.path("securityContext");
    breaks(context.path("privileged").asBoolean(), "privileged");
    breaks(context.path("allowPrivilegeEscalation").asBoolean(true), "allows privilege escalation");
    capabilities(context.path("capabilities"));
    boolean nonRoot = either(spec, context, "runAsNonRoot").asBoolean();
    boolean zero = either(spec, context, "runAsUser").asInt(-1) == 0;
    breaks(!nonRoot || zero, "runs as root");
    breaks(
        !SECCOMP.contains(either(spec, context, "seccompProfile").path("type").asText()),
        "no seccomp profile");
    breaks(!context.path("readOnlyRootFilesystem").asBoolean(), "root file system is writable");
    String type = either(spec, context, "seLinuxOptions").path("type").asText();
    breaks(!SELINUX.contains(type), "SELinux type " + type);
    breaks(context.has("procMount"), "proc mount");
    container
        .path("ports")
        .forEach(port -> breaks(port.path("hostPort").asInt() != 0, "host port"));
  }

  private void capabilities(JsonNode capabilities) {
    List<String> dropped = capabilities.path("drop").valueStream().map(JsonNode::asText).toList();
    breaks(!dropped.contains("ALL"), "keeps capabilities");
    List<String> added =
        capabilities
            .path("add")
            .valueStream()
            .map(JsonNode::asText)
            .filter(name -> !name.equals("NET_BIND_SERVICE"))
            .toList();
    breaks(!added.isEmpty(), "adds capabilities " + added);
  }

  private static JsonNode either(JsonNode spec, JsonNode context, String field) {
    return context.has(field) ? context.path(field) : spec.path("securityContext").path(field);
  }

  private void breaks(boolean does, String rule) {
    if (does) {
      broken.add(rule);
    }
  }

  private static boolean harmless(JsonNode volume) {
    return volume
        .propertyStream()
        .allMatch(field -> field.getKey().equals("name") || VOLUMES.contains(field.getKey()));
  }
}
