package dev.lamella.simulator.scheduler;

/** An extender did not answer, answered something else than asked, or answered an error. */
final class ExtenderException extends Exception {

  private static final long serialVersionUID = 1L;

  ExtenderException(String message) {
    super(message);
  }

  ExtenderException(String message, Throwable cause) {
    super(message, cause);
  }
}
