package dev.lamella.deviceplugin.allocation;

import java.util.Objects;

/** A pod as the kubelet's pod-resources name it: they know no UID. */
public record PodName(String namespace, String name) {

  public PodName {
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(name, "name");
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
