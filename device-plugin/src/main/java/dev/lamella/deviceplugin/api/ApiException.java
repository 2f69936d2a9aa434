package dev.lamella.deviceplugin.api;

/** The API server answered with an error. */
final class ApiException extends java.io.IOException {

  private static final long serialVersionUID = 1;

  private final int code;

  /**
   * @param code the HTTP status
   */
  ApiException(int code, String message) {
    super(message);
    this.code = code;
  }

  int code() {
    return code;
  }
}
