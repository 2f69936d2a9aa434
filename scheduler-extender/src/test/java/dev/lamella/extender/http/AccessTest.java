package dev.lamella.extender.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lamella.extender.ManualClock;
import dev.lamella.extender.access.Caller;
import dev.lamella.extender.access.ClusterGuard;
import dev.lamella.extender.access.Credentials;
import dev.lamella.extender.access.Guard;
import dev.lamella.extender.config.AccessConfig;
import dev.lamella.extender.config.ExtenderConfig;
import dev.lamella.extender.kube.AccessReviews;
import dev.lamella.extender.kube.KubeApi;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens and permissions, by an API server that says whose and what. */
class AccessTest {

  private static final String TOKENS = "POST /apis/authentication.k8s.io/v1/tokenreviews";
  private static final String SUBJECTS = "POST /apis/authorization.k8s.io/v1/subjectaccessreviews";
  private static final String ANNA =
      """
      {"status":{"authenticated":true,"user":{"username":"anna","uid":"7",
       "groups":["devs","system:authenticated"],"extra":{"scopes":["a","b"]}}}}
      """;

  @TempDir Path dir;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ManualClock clock = new ManualClock();
  private TestService service;
  private KubeApi kube;
  private Guard guard;

  @BeforeEach
  void start() throws IOException {
    AccessConfig access = new AccessConfig(null, null, "token", "token");
    // What an explanation would do: only for those who may get the pod.
    Endpoint explain =
        Endpoint.of(
            "/explain/",
            exchange -> {
              Caller caller = guard.caller(exchange).orElseThrow();
              boolean may = guard.mayGetPod(caller, "team", "p");
              exchange.text(may ? 200 : 403, caller.user());
            });
    service =
        new TestService(
            dir,
            new ExtenderConfig(null, null, null, access, null, null, null, null, null),
            explain);
    kube = KubeApi.open(Optional.of(service.api.kubeconfig(dir)));
    guard = new ClusterGuard(access, new AccessReviews(kube, Duration.ofSeconds(5)), clock);
  }

  @AfterEach
  void stop() {
    kube.close();
    service.close();
  }

  @Test
  void whoeverMayGetThePodReadsItsExplanation() throws Exception {
    service.api.on(TOKENS, 201, ANNA).on(SUBJECTS, 201, "{\"status\":{\"allowed\":true}}");

    HttpResponse<String> answer = explain("Bearer secret");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("anna\n");
    assertThat(service.api.requests())
        .anySatisfy(r -> assertThat(r).contains("TokenReview").contains("\"token\":\"secret\""))
        .anySatisfy(
            r ->
                assertThat(r)
                    .contains("SubjectAccessReview")
                    .contains("\"user\":\"anna\",\"uid\":\"7\"")
                    .contains("\"groups\":[\"devs\",\"system:authenticated\"]")
                    .contains("\"extra\":{\"scopes\":[\"a\",\"b\"]}")
                    .contains(
                        "{\"verb\":\"get\",\"group\":\"\",\"resource\":\"pods\","
                            + "\"namespace\":\"team\",\"name\":\"p\"}"));
  }

  @Test
  void whoeverMayNotGetsNothing() throws Exception {
    service.api.on(TOKENS, 201, ANNA).on(SUBJECTS, 201, "{\"status\":{\"allowed\":false}}");

    assertThat(explain("Bearer secret").statusCode()).isEqualTo(403);
  }

  @Test
  void nobodyIsLetInWithoutATokenThatIsSomebodys() throws Exception {
    service.api.on(TOKENS, 201, "{\"status\":{\"authenticated\":false}}");

    HttpResponse<String> none = service.get(client, "/explain/team/p");
    assertThat(none.statusCode()).isEqualTo(401);
    assertThat(none.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertThat(explain("Bearer secret").statusCode()).isEqualTo(401);
    assertThat(explain("Basic c2VjcmV0").statusCode()).isEqualTo(401);
    assertThat(explain("Bearer " + "x".repeat(12_000)).statusCode()).isEqualTo(401);
    assertThat(service.get(client, "/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void anApiServerThatDoesNotAnswerOpensNothing() throws Exception {
    service.api.on(TOKENS, 500, "");
    HttpResponse<String> answer = explain("Bearer secret");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
    assertThat(answer.body()).isEqualTo("the API server does not say whose the token is\n");

    service.api.on(TOKENS, 201, "{\"stat").on(TOKENS, 201, ANNA).on(SUBJECTS, 429, "");
    assertThat(explain("Bearer other").statusCode()).as("the 500 stays next").isEqualTo(503);
    assertThat(explain("Bearer other").statusCode()).as("half an answer").isEqualTo(503);
    assertThat(explain("Bearer other").body())
        .isEqualTo("the API server does not say what you may see\n");
    service.api.close();
    assertThat(explain("Bearer third").statusCode()).as("nobody there").isEqualTo(503);
  }

  @Test
  void answersAreKeptForSomeSecondsOnly() throws Exception {
    service.api.on(TOKENS, 201, ANNA).on(SUBJECTS, 201, "{\"status\":{\"allowed\":true}}");

    Caller anna = guard.caller(new Shown("secret")).orElseThrow();
    guard.caller(new Shown("secret"));
    assertThat(guard.mayGetPod(anna, "team", "p")).isTrue();
    assertThat(guard.mayGetPod(anna, "team", "p")).isTrue();
    assertThat(service.api.requests()).hasSize(2);

    assertThat(guard.mayGetPod(anna, "team", "other")).isTrue();
    assertThat(guard.mayList(anna, "lamella.dev", "gpunodes")).isTrue();
    assertThat(service.api.requests()).hasSize(4);

    clock.pass(10_000);
    guard.caller(new Shown("secret"));
    guard.mayGetPod(anna, "team", "p");
    assertThat(service.api.requests()).hasSize(6);
  }

  @Test
  void metricsMayAskForATokenThatMayGetThem() throws Exception {
    service
        .api
        .on(TOKENS, 201, ANNA)
        .on(SUBJECTS, 201, "{\"status\":{\"allowed\":true}}")
        .on(SUBJECTS, 201, "{\"status\":{\"allowed\":false}}");

    assertThat(service.get(client, "/metrics").statusCode()).isEqualTo(401);
    assertThat(service.get(client, "/metrics", "Authorization", "Bearer s").statusCode())
        .isEqualTo(200);
    assertThat(service.api.requests())
        .anySatisfy(
            r -> assertThat(r).contains("nonResourceAttributes").contains("\"path\":\"/metrics\""));
    service.api.on(TOKENS, 201, ANNA.replace("anna", "otto"));
    service.get(client, "/metrics", "Authorization", "Bearer t");
    assertThat(service.get(client, "/metrics", "Authorization", "Bearer u").statusCode())
        .isEqualTo(403);
  }

  @Test
  void whereReadersNeedNoTokenEverybodyIsAnyone() throws Exception {
    Guard open =
        new ClusterGuard(
            AccessConfig.DEFAULTS, new AccessReviews(kube, Duration.ofSeconds(5)), clock);

    assertThat(open.caller(new Shown(null))).contains(Caller.ANYONE);
    assertThat(open.mayGetPod(Caller.ANYONE, "team", "p")).isTrue();
    assertThat(guard.mayGetPod(Caller.ANYONE, "team", "p")).as("never by token").isFalse();
    assertThat(service.api.requests()).isEmpty();
  }

  private record Shown(String token) implements Credentials {
    @Override
    public Optional<String> bearerToken() {
      return Optional.ofNullable(token);
    }

    @Override
    public List<String> certificateNames() {
      return List.of();
    }

    @Override
    public boolean certified() {
      return false;
    }
  }

  private HttpResponse<String> explain(String authorization) throws Exception {
    return service.get(client, "/explain/team/p", "Authorization", authorization);
  }
}
