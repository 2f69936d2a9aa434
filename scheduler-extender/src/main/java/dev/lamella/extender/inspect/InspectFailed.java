package dev.lamella.extender.inspect;

/** The command ends, with one line that says why. */
final class InspectFailed extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int exitCode;

  private InspectFailed(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** Something is away, or forbidden: exit code 1. */
  static InspectFailed failed(String message) {
    return new InspectFailed(1, message, null);
  }

  static InspectFailed failed(String message, Throwable cause) {
    return new InspectFailed(1, message, cause);
  }

  /** Flags that cannot be used: exit code 2. */
  static InspectFailed wrongInput(String message) {
    return new InspectFailed(2, message, null);
  }

  int exitCode() {
    return exitCode;
  }
}
