package dev.lamella.core.inventory;

/** How a slice is held: by one container, by several in equal shares, or not at all. */
public enum Mode {
  FREE("Free"),
  WHOLE("Whole"),
  SHARED("Shared");

  private final String text;

  Mode(String text) {
    this.text = text;
  }

  /** As GpuNode spells it. */
  public String text() {
    return text;
  }
}
