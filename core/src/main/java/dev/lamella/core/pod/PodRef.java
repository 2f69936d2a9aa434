package dev.lamella.core.pod;

import java.util.Objects;

/** A pod's identity. Two pods of one name are told apart by their UID. */
public record PodRef(String uid, String namespace, String name) {

  public PodRef {
    Objects.requireNonNull(uid, "uid");
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(name, "name");
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
