package dev.lamella.deviceplugin.config;

/** A flag or a file that is wrong; its message is one line that says what would be right. */
public final class WrongInput extends RuntimeException {

  private static final long serialVersionUID = 1;

  public WrongInput(String message) {
    super(message);
  }

  public WrongInput(String message, Throwable cause) {
    super(message, cause);
  }
}
