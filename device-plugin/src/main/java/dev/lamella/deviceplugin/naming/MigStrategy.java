package dev.lamella.deviceplugin.naming;

import java.util.Arrays;
import java.util.Optional;

/** What slices of GPUs with MIG on are called; names and meanings as in NVIDIA's device plugin. */
public enum MigStrategy {
  /** Each slice by its profile. */
  MIXED("mixed"),
  /** All slices of the node {@code nvidia.com/gpu}, if they are all of one kind. */
  SINGLE("single"),
  /** MIG is not looked at: every GPU is one device. */
  NONE("none");

  private final String text;

  MigStrategy(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  /** Empty if there is none of that name. */
  public static Optional<MigStrategy> parse(String text) {
    return Arrays.stream(values()).filter(strategy -> strategy.text.equals(text)).findFirst();
  }
}
