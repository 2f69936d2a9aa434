package dev.lamella.extender.kube;

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
    Map<String, String> annotations,
    Map<String, String> labels) {

  public Meta {
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
