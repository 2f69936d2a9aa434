package dev.lamella.simulator.apiserver;

import static dev.lamella.simulator.apiserver.ResourceType.Feature.CUSTOM;
import static dev.lamella.simulator.apiserver.ResourceType.Feature.GENERATION;
import static dev.lamella.simulator.apiserver.ResourceType.Feature.NAMESPACED;
import static dev.lamella.simulator.apiserver.ResourceType.Feature.RETURNS_DELETED;
import static dev.lamella.simulator.apiserver.ResourceType.Feature.SCALE;
import static dev.lamella.simulator.apiserver.ResourceType.Feature.STATUS;
import static dev.lamella.simulator.apiserver.ResourceType.Feature.VERSION_REQUIRED;

import dev.lamella.core.api.LamellaApi;
import dev.lamella.simulator.apiserver.ResourceType.Feature;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The types that the embedded server knows. */
final class ResourceTypes {

  private static final String RBAC = "rbac.authorization.k8s.io";

  static final ResourceType NAMESPACES = type("", "v1", "namespaces", "Namespace", STATUS);
  static final ResourceType NODES = type("", "v1", "nodes", "Node", STATUS);
  static final ResourceType PODS =
      type("", "v1", "pods", "Pod", NAMESPACED, STATUS, GENERATION, RETURNS_DELETED);
  static final ResourceType RESOURCE_QUOTAS =
      type("", "v1", "resourcequotas", "ResourceQuota", NAMESPACED, STATUS, RETURNS_DELETED);
  static final ResourceType DEPLOYMENTS =
      type("apps", "v1", "deployments", "Deployment", NAMESPACED, STATUS, GENERATION, SCALE);
  static final ResourceType REPLICA_SETS =
      type("apps", "v1", "replicasets", "ReplicaSet", NAMESPACED, STATUS, GENERATION, SCALE);
  static final ResourceType JOBS =
      type("batch", "v1", "jobs", "Job", NAMESPACED, STATUS, GENERATION);
  static final ResourceType DISRUPTION_BUDGETS =
      type(
          "policy",
          "v1",
          "poddisruptionbudgets",
          "PodDisruptionBudget",
          NAMESPACED,
          STATUS,
          GENERATION,
          VERSION_REQUIRED);
  static final ResourceType PRIORITY_CLASSES =
      type("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", GENERATION);
  static final ResourceType TENANTS = lamella(LamellaApi.TENANTS, "Tenant");
  static final ResourceType GPU_NODES = lamella(LamellaApi.GPU_NODES, "GpuNode");

  /** Every type; the order is that of discovery. */
  static final List<ResourceType> ALL =
      List.of(
          NAMESPACES,
          NODES,
          PODS,
          RESOURCE_QUOTAS,
          type("", "v1", "configmaps", "ConfigMap", NAMESPACED),
          type("", "v1", "events", "Event", NAMESPACED),
          type("", "v1", "limitranges", "LimitRange", NAMESPACED),
          type("", "v1", "secrets", "Secret", NAMESPACED),
          type("", "v1", "serviceaccounts", "ServiceAccount", NAMESPACED, RETURNS_DELETED),
          type("", "v1", "services", "Service", NAMESPACED, STATUS, RETURNS_DELETED),
          DEPLOYMENTS,
          REPLICA_SETS,
          JOBS,
          type("coordination.k8s.io", "v1", "leases", "Lease", NAMESPACED, VERSION_REQUIRED),
          DISRUPTION_BUDGETS,
          PRIORITY_CLASSES,
          type(
              "networking.k8s.io",
              "v1",
              "networkpolicies",
              "NetworkPolicy",
              NAMESPACED,
              GENERATION),
          type(RBAC, "v1", "roles", "Role", NAMESPACED),
          type(RBAC, "v1", "rolebindings", "RoleBinding", NAMESPACED),
          type(RBAC, "v1", "clusterroles", "ClusterRole"),
          type(RBAC, "v1", "clusterrolebindings", "ClusterRoleBinding"),
          type(
              "autoscaling",
              "v2",
              "horizontalpodautoscalers",
              "HorizontalPodAutoscaler",
              NAMESPACED,
              STATUS),
          GPU_NODES,
          TENANTS);

  private ResourceTypes() {}

  static Optional<ResourceType> byPath(String group, String version, String plural) {
    return ALL.stream()
        .filter(t -> t.group().equals(group) && t.version().equals(version))
        .filter(t -> t.plural().equals(plural))
        .findFirst();
  }

  private static ResourceType lamella(String plural, String kind) {
    return type(
        LamellaApi.GROUP,
        LamellaApi.VERSION,
        plural,
        kind,
        STATUS,
        GENERATION,
        VERSION_REQUIRED,
        CUSTOM);
  }

  private static ResourceType type(
      String group, String version, String plural, String kind, Feature... features) {
    return new ResourceType(group, version, plural, kind, Set.of(features));
  }
}
