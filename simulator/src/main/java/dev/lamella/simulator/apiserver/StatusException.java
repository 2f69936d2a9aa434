package dev.lamella.simulator.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A request that the server refuses; answered as a Kubernetes Status. */
final class StatusException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int code;
  private final String reason;
  private final transient ObjectNode details;

  StatusException(int code, String reason, String message) {
    this(code, reason, message, null);
  }

  private StatusException(int code, String reason, String message, ObjectNode details) {
    super(message, null, false, false);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  int code() {
    return code;
  }

  static StatusException notFound(ResourceType type, String name) {
    String message = "%s \"%s\" not found".formatted(type, name);
    return new StatusException(404, "NotFound", message, details(type, name));
  }

  static StatusException alreadyExists(ResourceType type, String name) {
    String message = "%s \"%s\" already exists".formatted(type, name);
    return new StatusException(409, "AlreadyExists", message, details(type, name));
  }

  static StatusException conflict(ResourceType type, String name, String why) {
    String message = "Operation cannot be fulfilled on %s \"%s\": %s".formatted(type, name, why);
    return new StatusException(409, "Conflict", message, details(type, name));
  }

  static StatusException modified(ResourceType type, String name) {
    return conflict(
        type,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  /**
   * @param why the message without the field, such as {@code Required value}
   */
  static StatusException invalid(ResourceType type, String name, String field, String why) {
    ObjectNode details = details(type, name);
    ObjectNode cause = details.putArray("causes").addObject();
    cause.put("reason", why.startsWith("Required") ? "FieldValueRequired" : "FieldValueInvalid");
    cause.put("message", why).put("field", field);
    String message = "%s \"%s\" is invalid: %s: %s".formatted(type.kind(), name, field, why);
    return new StatusException(422, "Invalid", message, details);
  }

  static StatusException forbidden(ResourceType type, String name, String why) {
    String message = "%s \"%s\" is forbidden: %s".formatted(type, name, why);
    return new StatusException(403, "Forbidden", message, details(type, name));
  }

  static StatusException badRequest(String message) {
    return new StatusException(400, "BadRequest", message);
  }

  static StatusException expired(String message) {
    return new StatusException(410, "Expired", message);
  }

  static StatusException unsupported(String message) {
    return new StatusException(415, "UnsupportedMediaType", message);
  }

  /** An eviction that a disruption budget does not allow now. */
  static StatusException disruptionBudget(String name, String message) {
    ObjectNode details = JsonNodeFactory.instance.objectNode().put("name", name);
    ObjectNode cause = details.putArray("causes").addObject();
    cause.put("reason", "DisruptionBudget").put("message", message);
    return new StatusException(
        429,
        "TooManyRequests",
        "Cannot evict pod as it would violate the pod's disruption budget.",
        details);
  }

  ObjectNode body() {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    status.put("status", "Failure").put("message", getMessage()).put("reason", reason);
    if (details != null) {
      status.set("details", details);
    }
    return status.put("code", code);
  }

  private static ObjectNode details(ResourceType type, String name) {
    ObjectNode details = JsonNodeFactory.instance.objectNode().put("name", name);
    if (!type.group().isEmpty()) {
      details.put("group", type.group());
    }
    return details.put("kind", type.plural());
  }
}
