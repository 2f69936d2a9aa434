package dev.lamella.extender.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What the API server asks of a webhook (admission.k8s.io/v1), and the answers to it.
 *
 * @param uid the request's, which the answer repeats
 * @param request the whole request
 */
record AdmissionReview(String uid, JsonNode request) {

  private static final String VERSION = "admission.k8s.io/v1";
  private static final int FORBIDDEN = 403;

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException naming the field, its value and what would be right
   */
  static AdmissionReview read(JsonNode review) {
    expect("apiVersion", review.path("apiVersion"), VERSION);
    expect("kind", review.path("kind"), "AdmissionReview");
    JsonNode request = review.path("request");
    String uid = request.path("uid").asText();
    if (uid.isEmpty()) {
      throw new IllegalArgumentException("request.uid is empty, expected the request's");
    }
    return new AdmissionReview(uid, request);
  }

  private static void expect(String field, JsonNode value, String right) {
    if (!value.asText().equals(right)) {
      throw new IllegalArgumentException(
          "%s is %s, expected %s"
              .formatted(field, value.isMissingNode() ? "missing" : value, right));
    }
  }

  /** Whether a pod is being created, rather than something else or a part of one. */
  boolean createsPod() {
    JsonNode resource = request.path("resource");
    return resource.path("group").asText().isEmpty()
        && resource.path("resource").asText().equals("pods")
        && request.path("subResource").asText().isEmpty()
        && request.path("operation").asText().equals("CREATE");
  }

  /**
   * The object.
   *
   * @throws IllegalArgumentException if there is none
   */
  JsonNode object() {
    if (!request.path("object").isObject()) {
      throw new IllegalArgumentException("request.object is missing, expected the pod");
    }
    return request.path("object");
  }

  /**
   * The object's namespace.
   *
   * @throws IllegalArgumentException if there is none
   */
  String namespace() {
    String namespace = request.path("namespace").asText();
    if (namespace.isEmpty()) {
      throw new IllegalArgumentException("request.namespace is empty, expected the pod's");
    }
    return namespace;
  }

  /** The answer that admits the object as it is. */
  ObjectNode untouched() {
    ObjectNode review = JsonNodeFactory.instance.objectNode();
    review.put("apiVersion", VERSION).put("kind", "AdmissionReview");
    review.putObject("response").put("uid", uid).put("allowed", true);
    return review;
  }

  /** The answer to an outcome. */
  ObjectNode answer(PodMutation.Outcome outcome) {
    ObjectNode review = untouched();
    ObjectNode response = (ObjectNode) review.path("response");
    if (outcome instanceof PodMutation.Outcome.Refused refused) {
      response.put("allowed", false);
      response
          .putObject("status")
          .put("code", FORBIDDEN)
          .put("reason", "Forbidden")
          .put("message", refused.message());
    } else if (outcome instanceof PodMutation.Outcome.Patched patched) {
      byte[] patch = patched.patch().toString().getBytes(StandardCharsets.UTF_8);
      response.put("patchType", "JSONPatch");
      response.put("patch", Base64.getEncoder().encodeToString(patch));
      patched.warnings().forEach(response.withArray("warnings")::add);
    }
    return review;
  }
}
