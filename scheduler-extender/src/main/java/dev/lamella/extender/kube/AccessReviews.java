package dev.lamella.extender.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import okhttp3.Response;

/** Asks the API server whose a token is, and what somebody may do. */
public final class AccessReviews {

  private static final String TOKENS = "/apis/authentication.k8s.io/v1/tokenreviews";
  private static final String SUBJECTS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

  private final KubeApi api;
  private final Duration deadline;

  /**
   * @param deadline how long an answer is waited for
   */
  public AccessReviews(KubeApi api, Duration deadline) {
    this.api = api;
    this.deadline = deadline;
  }

  /**
   * Somebody whom the API server knows.
   *
   * @param extra what authenticators add
   */
  public record User(
      String name, String uid, List<String> groups, Map<String, List<String>> extra) {}

  /** What somebody wants to do. */
  public sealed interface Wish {

    /**
     * Something with a resource.
     *
     * @param namespace empty for what is in none
     * @param name empty for all of them
     */
    record Resource(String verb, String group, String resource, String namespace, String name)
        implements Wish {}

    /** Reading a path that is no resource. */
    record Path(String path) implements Wish {}
  }

  /**
   * Whose a token is.
   *
   * @return empty if it is nobody's
   * @throws IOException if the API server does not say
   */
  public Optional<User> whose(String token) throws IOException {
    JsonNode status = ask(TOKENS, "TokenReview", "authentication", Map.of("token", token));
    JsonNode user = status.path("user");
    if (!status.path("authenticated").asBoolean(false)
        || user.path("username").asText().isEmpty()) {
      return Optional.empty();
    }
    Map<String, List<String>> extra = new TreeMap<>();
    user.path("extra").properties().forEach(e -> extra.put(e.getKey(), texts(e.getValue())));
    return Optional.of(
        new User(
            user.path("username").asText(),
            user.path("uid").asText(),
            texts(user.path("groups")),
            extra));
  }

  /**
   * Whether somebody may do something.
   *
   * @throws IOException if the API server does not say
   */
  public boolean allowed(User user, Wish wish) throws IOException {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("user", user.name());
    spec.put("uid", user.uid());
    spec.put("groups", user.groups());
    spec.put("extra", user.extra());
    if (wish instanceof Wish.Resource r) {
      Map<String, Object> attributes = new LinkedHashMap<>();
      attributes.put("verb", r.verb());
      attributes.put("group", r.group());
      attributes.put("resource", r.resource());
      attributes.put("namespace", r.namespace());
      attributes.put("name", r.name());
      spec.put("resourceAttributes", attributes);
    } else if (wish instanceof Wish.Path p) {
      spec.put("nonResourceAttributes", Map.of("path", p.path(), "verb", "get"));
    }
    JsonNode status = ask(SUBJECTS, "SubjectAccessReview", "authorization", spec);
    return status.path("allowed").asBoolean(false) && !status.path("denied").asBoolean(false);
  }

  private JsonNode ask(String path, String kind, String group, Map<String, Object> spec)
      throws IOException {
    Map<String, Object> review =
        Map.of("apiVersion", group + ".k8s.io/v1", "kind", kind, "spec", spec);
    try (Response response = api.post(api.url(path), review, deadline.toMillis())) {
      if (!response.isSuccessful()) {
        throw new IOException(kind + ": the API server answered " + response.code());
      }
      return api.json().readTree(response.body().byteStream()).path("status");
    }
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
