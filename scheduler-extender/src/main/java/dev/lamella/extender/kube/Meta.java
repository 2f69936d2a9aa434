package dev.lamella.extender.kube;

import java.util.List;
import java.util.Map;

/**
 * The part of an object's metadata that is read.
 *
 * @param resourceVersion a number, as the API server writes it
 */
public record Meta(
    String name,
    String namespace,
    String uid,
    String resourceVersion,
    String deletionTimestamp,
    List<Owner> ownerReferences,
    Map<String, String> annotations,
    Map<String, String> labels) {

  /** An owner; the controller among them makes another pod when one goes. */
  public record Owner(Boolean controller) {}

  public Meta {
    ownerReferences = ownerReferences == null ? List.of() : ownerReferences;
    annotations = annotations == null ? Map.of() : annotations;
    labels = labels == null ? Map.of() : labels;
  }

  /** The resourceVersion as a number; 0 where there is none, as in a scheduler's request. */
  public long version() {
    return resourceVersion == null || !resourceVersion.matches("\\d{1,18}")
        ? 0
        : Long.parseLong(resourceVersion);
  }
}
