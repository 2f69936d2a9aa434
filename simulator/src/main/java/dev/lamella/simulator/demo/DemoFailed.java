package dev.lamella.simulator.demo;

/** The demo did not come to its end; the message is one line that says why. Exit code 1. */
public final class DemoFailed extends RuntimeException {

  private static final long serialVersionUID = 1;

  DemoFailed(String message) {
    super(message.replaceAll("\\s*\\R\\s*", " "));
  }

  DemoFailed(String message, Throwable cause) {
    super(message.replaceAll("\\s*\\R\\s*", " "), cause);
  }
}
