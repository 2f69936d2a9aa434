package dev.lamella.nvml.simulated;

/**
 * A layout file that cannot be used. The message is one line that names the file, the place in it,
 * the value, and what would be right.
 */
public final class LayoutException extends RuntimeException {

  private static final long serialVersionUID = 1;

  LayoutException(String message) {
    super(message);
  }
}
