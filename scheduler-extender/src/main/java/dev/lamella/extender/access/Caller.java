package dev.lamella.extender.access;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Somebody whom the API server knows.
 *
 * @param user the user name; empty for {@link #ANYONE}
 * @param extra what authenticators add, handed on when permission is asked
 */
public record Caller(
    String user, String uid, List<String> groups, Map<String, List<String>> extra) {

  /** Nobody was asked who they are, by configuration. */
  public static final Caller ANYONE = new Caller("", "", List.of(), Map.of());

  public Caller {
    Objects.requireNonNull(user, "user");
    uid = uid == null ? "" : uid;
    groups = groups == null ? List.of() : List.copyOf(groups);
    extra = extra == null ? Map.of() : Map.copyOf(extra);
  }
}
