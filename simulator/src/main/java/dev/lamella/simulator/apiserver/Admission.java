package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lamella.simulator.apiserver.ResourceType.Feature;
import java.util.regex.Pattern;

/** What the server fills in and refuses before an object is stored. */
final class Admission {

  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final int MAX_NAME = 253;

  private final Store store;
  private final PodAdmission pods;
  private final QuotaAdmission quotas;

  Admission(Store store) {
    this.store = store;
    this.pods = new PodAdmission(store);
    this.quotas = new QuotaAdmission(store);
  }

  void create(ResourceType type, ObjectNode object) {
    checkName(type, Meta.name(object));
    if (type.namespaced()) {
      checkNamespace(type, object);
    }
    if (type.has(Feature.STATUS) && !type.equals(ResourceTypes.NODES)) {
      object.remove("status");
    }
    if (type.equals(ResourceTypes.PODS)) {
      pods.create(object);
      quotas.check(object);
    } else if (type.equals(ResourceTypes.NAMESPACES)) {
      object.withObject("/spec").putArray("finalizers").add("kubernetes");
      object.putObject("status").put("phase", "Active");
    } else {
      checkContent(type, object);
    }
  }

  private static void checkContent(ResourceType type, ObjectNode object) {
    WorkloadAdmission.check(type, object);
    if (type.equals(ResourceTypes.TENANTS)) {
      TenantAdmission.check(object);
    }
    if (type.equals(ResourceTypes.RESOURCE_QUOTAS)) {
      object
          .at("/spec/hard")
          .properties()
          .forEach(hard -> PodSpecs.quantity("spec.hard[" + hard.getKey() + "]", hard.getValue()));
    }
  }

  /**
   * @param before as it is stored
   * @param after as it would be
   */
  void update(ResourceType type, ObjectNode before, ObjectNode after) {
    if (type.equals(ResourceTypes.PODS)) {
      pods.update(before, after);
      return;
    }
    checkContent(type, after);
    JsonNode selector = before.path("spec").path("selector");
    boolean workload =
        type.equals(ResourceTypes.DEPLOYMENTS) || type.equals(ResourceTypes.REPLICA_SETS);
    if (workload && !selector.equals(after.path("spec").path("selector"))) {
      throw StatusException.invalid(
          type, Meta.name(after), "spec.selector", "Invalid value: field is immutable");
    }
  }

  private static void checkName(ResourceType type, String name) {
    if (name.length() > MAX_NAME || !type.group().startsWith("rbac") && !isName(name)) {
      throw StatusException.invalid(
          type,
          name,
          "metadata.name",
          "Invalid value: \"%s\": a lowercase RFC 1123 subdomain must consist of lower case"
                  .formatted(name)
              + " alphanumeric characters, '-' or '.', and must start and end with an"
              + " alphanumeric character");
    }
  }

  private static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  private void checkNamespace(ResourceType type, ObjectNode object) {
    String namespace = Meta.namespace(object);
    ObjectNode found = store.get(ResourceTypes.NAMESPACES, "", namespace);
    if (Meta.deleting(found)) {
      throw StatusException.forbidden(
          type,
          Meta.name(object),
          "unable to create new content in namespace %s because it is being terminated"
              .formatted(namespace));
    }
  }
}
