package dev.lamella.core.inventory;

/** Whether a slice can be trusted with work. Never used to signal how a slice is shared. */
public enum Health {
  HEALTHY("Healthy"),
  UNHEALTHY("Unhealthy");

  private final String text;

  Health(String text) {
    this.text = text;
  }

  /** As the kubelet and GpuNode spell it. */
  public String text() {
    return text;
  }
}
