package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lamella.simulator.apiserver.ResourceType.Feature;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Creates and changes objects: the rules that hold for every type. */
final class Objects {

  /** Metadata that no client changes. */
  private static final List<String> SERVER_OWNED =
      List.of(
          "name",
          "namespace",
          "uid",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "generation",
          "generateName",
          "resourceVersion");

  private static final int NAME_ATTEMPTS = 8;

  private final Store store;
  private final Admission admission;
  private final Identities identities;

  Objects(Store store, Admission admission, Identities identities) {
    this.store = store;
    this.admission = admission;
    this.identities = identities;
  }

  ObjectNode create(Target target, JsonNode body) {
    ResourceType type = target.type();
    ObjectNode object = Bodies.typed(body, type.apiVersion(), type.kind());
    ObjectNode meta = Meta.of(object);
    if (!Meta.version(object).isEmpty()) {
      throw StatusException.badRequest(
          "resourceVersion should not be set on objects to be created");
    }
    namespace(target, meta);
    if (type.namespaced()) {
      store.get(ResourceTypes.NAMESPACES, "", target.namespace());
    }
    meta.remove(List.of("deletionTimestamp", "deletionGracePeriodSeconds", "generation"));
    meta.remove(List.of("managedFields", "selfLink"));
    meta.put("uid", identities.uid()).put("creationTimestamp", identities.now());
    if (type.has(Feature.GENERATION)) {
      meta.put("generation", 1);
    }
    return store.atomically(() -> insert(type, object, meta));
  }

  private ObjectNode insert(ResourceType type, ObjectNode object, ObjectNode meta) {
    String prefix = Meta.text(object, "generateName");
    if (Meta.name(object).isEmpty()) {
      if (prefix.isEmpty()) {
        throw StatusException.invalid(
            type, "", "metadata.name", "Required value: name or generateName is required");
      }
      meta.put("name", freeName(type, Meta.namespace(object), prefix));
    }
    admission.create(type, object);
    if (store.find(type, Meta.namespace(object), Meta.name(object)).isPresent()) {
      throw StatusException.alreadyExists(type, Meta.name(object));
    }
    return store.put(type, object);
  }

  private String freeName(ResourceType type, String namespace, String prefix) {
    String name = identities.name(prefix);
    for (int i = 1; i < NAME_ATTEMPTS && store.find(type, namespace, name).isPresent(); i++) {
      name = identities.name(prefix);
    }
    return name;
  }

  private static void namespace(Target target, ObjectNode meta) {
    if (!target.type().namespaced()) {
      meta.remove("namespace");
      return;
    }
    if (target.namespace().isEmpty()) {
      throw StatusException.badRequest("an empty namespace may not be set during creation");
    }
    String given = meta.path("namespace").asText("");
    if (!given.isEmpty() && !given.equals(target.namespace())) {
      throw StatusException.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
    meta.put("namespace", target.namespace());
  }

  /** Replaces an object, or its status, by what a client sent. */
  ObjectNode replace(Target target, JsonNode body) {
    ResourceType type = target.type();
    ObjectNode object = Bodies.typed(body, type.apiVersion(), type.kind());
    String name = Meta.name(object);
    if (!name.equals(target.name())) {
      throw StatusException.badRequest(
          "the name of the object (%s) does not match the name on the URL (%s)"
              .formatted(name, target.name()));
    }
    if (type.has(Feature.VERSION_REQUIRED) && Meta.version(object).isEmpty()) {
      throw StatusException.invalid(
          type,
          name,
          "metadata.resourceVersion",
          "Invalid value: 0: must be specified for an update");
    }
    return change(target, before -> object);
  }

  /** Changes an object, or its status, by a patch. */
  ObjectNode patch(Target target, UnaryOperator<JsonNode> patch) {
    ResourceType type = target.type();
    return change(
        target,
        before -> Bodies.typed(patch.apply(before.deepCopy()), type.apiVersion(), type.kind()));
  }

  private ObjectNode change(Target target, UnaryOperator<ObjectNode> how) {
    ResourceType type = target.type();
    return store.atomically(
        () -> {
          ObjectNode before = store.get(type, target.namespace(), target.name());
          ObjectNode sent = how.apply(before);
          preconditions(type, before, Optional.of(Meta.uid(sent)), Optional.of(Meta.version(sent)));
          boolean status = target.subresource().equals("status");
          ObjectNode after = status ? withStatus(before, sent) : withoutStatus(type, before, sent);
          if (!status) {
            admission.update(type, before, after);
          }
          return store(type, before, after);
        });
  }

  /**
   * @throws StatusException 409 if the object is not the one that was meant, or has changed
   */
  static void preconditions(
      ResourceType type, ObjectNode before, Optional<String> uid, Optional<String> version) {
    String name = Meta.name(before);
    String wanted = uid.orElse("");
    if (!wanted.isEmpty() && !wanted.equals(Meta.uid(before))) {
      throw StatusException.conflict(
          type,
          name,
          "Precondition failed: UID in precondition: %s, UID in object meta: %s"
              .formatted(wanted, Meta.uid(before)));
    }
    String read = version.orElse("");
    if (!read.isEmpty() && !read.equals("0") && !read.equals(Meta.version(before))) {
      throw StatusException.modified(type, name);
    }
  }

  private static ObjectNode withStatus(ObjectNode before, ObjectNode sent) {
    ObjectNode after = before.deepCopy();
    if (sent.has("status")) {
      after.set("status", sent.get("status"));
    } else {
      after.remove("status");
    }
    return after;
  }

  private static ObjectNode withoutStatus(ResourceType type, ObjectNode before, ObjectNode sent) {
    ObjectNode after = sent.deepCopy();
    ObjectNode meta = Meta.of(after);
    meta.remove(SERVER_OWNED);
    meta.remove(List.of("managedFields", "selfLink"));
    for (String field : SERVER_OWNED) {
      if (before.path("metadata").has(field)) {
        meta.set(field, before.path("metadata").get(field));
      }
    }
    if (type.has(Feature.STATUS)) {
      after.remove("status");
      if (before.has("status")) {
        after.set("status", before.get("status"));
      }
    }
    return after;
  }

  /** Stores what changed; removes a deleted object whose last finalizer went. */
  ObjectNode store(ResourceType type, ObjectNode before, ObjectNode after) {
    if (after.equals(before)) {
      return before;
    }
    if (type.has(Feature.GENERATION) && !content(before).equals(content(after))) {
      Meta.of(after).put("generation", before.at("/metadata/generation").asInt() + 1);
    }
    int grace = after.at("/metadata/deletionGracePeriodSeconds").asInt();
    boolean released = Meta.hasFinalizers(before) && !Meta.hasFinalizers(after);
    if (Meta.deleting(after) && released && grace == 0) {
      return store.remove(type, after);
    }
    return store.put(type, after);
  }

  private static ObjectNode content(ObjectNode object) {
    ObjectNode content = object.deepCopy();
    content.remove(List.of("metadata", "status"));
    return content;
  }
}
