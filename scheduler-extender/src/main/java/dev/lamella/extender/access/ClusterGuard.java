package dev.lamella.extender.access;

import dev.lamella.extender.config.AccessConfig;
import dev.lamella.extender.kube.AccessReviews;
import dev.lamella.extender.kube.AccessReviews.User;
import dev.lamella.extender.kube.AccessReviews.Wish;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The configuration's rules, with the API server's word on tokens and permissions. Its answers are
 * kept for some seconds; when it does not answer nobody passes.
 */
public final class ClusterGuard implements Guard {

  /** How long a token's owner and a permission are not asked for again. */
  static final Duration KEPT = Duration.ofSeconds(10);

  private static final int MOST_KEPT = 4096;
  private static final int LONGEST_TOKEN = 16 << 10;

  private final AccessConfig config;
  private final AccessReviews reviews;
  private final Recent<String, Optional<Caller>> callers;
  private final Recent<Question, Boolean> permissions;

  private record Question(Caller caller, Wish wish) {}

  public ClusterGuard(AccessConfig config, AccessReviews reviews, Clock clock) {
    this.config = config;
    this.reviews = reviews;
    this.callers = new Recent<>(MOST_KEPT, KEPT, clock);
    this.permissions = new Recent<>(MOST_KEPT, KEPT, clock);
  }

  @Override
  public void admit(Access access, Credentials credentials) throws Denied {
    switch (access) {
      case PROBE, ANYONE -> {}
      case VERB -> admitVerb(credentials);
      case READER -> {
        if (config.readersByToken()) {
          known(credentials);
        }
      }
      case METRICS -> {
        if (config.metricsByToken() && !allowed(known(credentials), new Wish.Path("/metrics"))) {
          throw new Denied(403, "you may not get /metrics");
        }
      }
    }
  }

  private void admitVerb(Credentials credentials) throws Denied {
    if (!config.verbsByCertificate()) {
      return;
    }
    if (!credentials.certified()) {
      throw new Denied(401, "a client certificate is needed (access.verbs)");
    }
    List<String> names = credentials.certificateNames();
    if (!config.clientNames().isEmpty()
        && names.stream().noneMatch(config.clientNames()::contains)) {
      throw new Denied(403, "the client certificate's name is not one of access.clientNames");
    }
  }

  private Caller known(Credentials credentials) throws Denied {
    return identified(credentials)
        .orElseThrow(
            () -> new Denied(401, "a token that the API server knows is needed: Bearer TOKEN"));
  }

  @Override
  public Optional<Caller> caller(Credentials credentials) throws Denied {
    return config.readersByToken() ? identified(credentials) : Optional.of(Caller.ANYONE);
  }

  private Optional<Caller> identified(Credentials credentials) throws Denied {
    Optional<String> token = credentials.bearerToken().filter(t -> t.length() <= LONGEST_TOKEN);
    if (token.isEmpty()) {
      return Optional.empty();
    }
    String key = hash(token.get());
    Optional<Optional<Caller>> recent = callers.get(key);
    if (recent.isPresent()) {
      return recent.get();
    }
    try {
      Optional<Caller> caller =
          reviews.whose(token.get()).map(u -> new Caller(u.name(), u.uid(), u.groups(), u.extra()));
      callers.put(key, caller);
      return caller;
    } catch (IOException e) {
      throw new Denied(503, "the API server does not say whose the token is");
    }
  }

  @Override
  public boolean mayGetPod(Caller caller, String namespace, String name) throws Denied {
    return allowed(caller, new Wish.Resource("get", "", "pods", namespace, name));
  }

  @Override
  public boolean mayList(Caller caller, String group, String resource) throws Denied {
    return allowed(caller, new Wish.Resource("list", group, resource, "", ""));
  }

  private boolean allowed(Caller caller, Wish wish) throws Denied {
    if (caller.equals(Caller.ANYONE)) {
      return !config.readersByToken();
    }
    Question question = new Question(caller, wish);
    Optional<Boolean> recent = permissions.get(question);
    if (recent.isPresent()) {
      return recent.get();
    }
    try {
      User user = new User(caller.user(), caller.uid(), caller.groups(), caller.extra());
      boolean allowed = reviews.allowed(user, wish);
      permissions.put(question, allowed);
      return allowed;
    } catch (IOException e) {
      throw new Denied(503, "the API server does not say what you may see");
    }
  }

  /** Tokens themselves are not kept. */
  private static String hash(String token) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
