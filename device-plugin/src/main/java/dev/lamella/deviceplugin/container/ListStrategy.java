package dev.lamella.deviceplugin.container;

import java.util.Arrays;
import java.util.Optional;

/** How a container's devices are listed; names as NVIDIA's device plugin has them. */
public enum ListStrategy {
  ENVVAR("envvar"),
  VOLUME_MOUNTS("volume-mounts"),
  CDI_ANNOTATIONS("cdi-annotations"),
  CDI_CRI("cdi-cri");

  private final String text;

  ListStrategy(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  boolean cdi() {
    return this == CDI_ANNOTATIONS || this == CDI_CRI;
  }

  /** Empty if there is none of that name. */
  public static Optional<ListStrategy> parse(String text) {
    return Arrays.stream(values()).filter(strategy -> strategy.text.equals(text)).findFirst();
  }
}
