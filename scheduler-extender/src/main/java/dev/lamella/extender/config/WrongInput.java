package dev.lamella.extender.config;

/** A flag or a file that cannot be used; the message is one line that names it. Exit code 2. */
public final class WrongInput extends RuntimeException {

  private static final long serialVersionUID = 1;

  public WrongInput(String message, Throwable cause) {
    super(message, cause);
  }
}
