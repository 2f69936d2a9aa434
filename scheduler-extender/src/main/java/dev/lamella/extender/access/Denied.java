package dev.lamella.extender.access;

import java.io.IOException;

/** A request that is not answered because of who sent it, or because nobody could say. */
public final class Denied extends IOException {

  private static final long serialVersionUID = 1;

  private final int status;

  /**
   * @param status 401 unknown, 403 known and not allowed, 503 the API server could not say
   */
  public Denied(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }
}
