package dev.lamella.extender.access;

import java.util.List;
import java.util.Optional;

/** What a request shows of who sent it. */
public interface Credentials {

  /** The token of its {@code Authorization: Bearer}, if there is one. */
  Optional<String> bearerToken();

  /**
   * Common names of the client certificate that its connection was opened with; empty if there was
   * none. The certificate has been checked against the client authorities.
   */
  List<String> certificateNames();

  /** Whether its connection was opened with a client certificate. */
  boolean certified();
}
