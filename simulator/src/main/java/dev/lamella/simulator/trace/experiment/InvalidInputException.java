package dev.lamella.simulator.trace.experiment;

/** Input that cannot be used; the message names it and says what would be right, on one line. */
public final class InvalidInputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public InvalidInputException(String message) {
    super(message);
  }

  public InvalidInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
