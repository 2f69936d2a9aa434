package dev.lamella.extender.inspect;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lamella.core.spelling.Spelling;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.Pair;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import okhttp3.Response;

/** The API server with the user's own kubeconfig and rights. */
final class UserCluster {

  /** In one answer; more are fetched page by page. */
  private static final int PAGE = 500;

  private final ApiClient client;
  private final String namespace;
  private final ObjectMapper json =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private UserCluster(ApiClient client, String namespace) {
    this.client = client.setUserAgent("lamella-inspect");
    this.namespace = namespace;
  }

  /** Something that the user may not read, or that is not there; the message says what. */
  static final class Missing extends Exception {

    private static final long serialVersionUID = 1;

    Missing(String message) {
      super(message);
    }
  }

  /**
   * @throws InspectFailed if the kubeconfig cannot be used
   */
  static UserCluster open(ClusterFlags flags, Map<String, String> environment) {
    Path file = kubeconfig(flags, environment);
    try (Reader reader = Files.newBufferedReader(file)) {
      KubeConfig config = KubeConfig.loadKubeConfig(reader);
      config.setFile(file.toFile());
      if (flags.context != null && !config.setContext(flags.context)) {
        throw InspectFailed.wrongInput(
            "--context: %s has no context %s, did you mean %s?"
                .formatted(file, flags.context, Spelling.nearest(flags.context, contexts(config))));
      }
      String namespace = config.getNamespace() == null ? "default" : config.getNamespace();
      return new UserCluster(
          ClientBuilder.kubeconfig(config).build(),
          flags.namespace == null ? namespace : flags.namespace);
    } catch (NoSuchFileException e) {
      throw InspectFailed.wrongInput(
          "kubeconfig " + file + " is not there: name one by KUBECONFIG or --kubeconfig");
    } catch (IOException e) {
      throw InspectFailed.wrongInput("kubeconfig " + file + " cannot be read: " + e.getMessage());
    } catch (RuntimeException e) {
      if (e instanceof InspectFailed) {
        throw e;
      }
      throw InspectFailed.wrongInput("kubeconfig " + file + " is not one: " + e);
    }
  }

  /** As kubectl looks for it, but of several files in KUBECONFIG the first that is there counts. */
  private static Path kubeconfig(ClusterFlags flags, Map<String, String> environment) {
    if (flags.kubeconfig != null) {
      return flags.kubeconfig;
    }
    for (String file : environment.getOrDefault("KUBECONFIG", "").split(File.pathSeparator)) {
      if (!file.isEmpty() && Files.exists(Path.of(file))) {
        return Path.of(file);
      }
    }
    return Path.of(environment.getOrDefault("HOME", "."), ".kube", "config");
  }

  private static List<String> contexts(KubeConfig config) {
    List<String> names = new ArrayList<>();
    for (Object context : config.getContexts()) {
      names.add(String.valueOf(((Map<?, ?>) context).get("name")));
    }
    return names.isEmpty() ? List.of("none: it has no contexts") : names;
  }

  /** The namespace that is meant when none is named. */
  String namespace() {
    return namespace;
  }

  ApiClient client() {
    return client;
  }

  ObjectMapper json() {
    return json;
  }

  /** How the user shows who they are to the extender, too: the kubeconfig's bearer token. */
  Optional<String> authorization() {
    Map<String, String> headers = new TreeMap<>();
    try {
      client
          .getAuthentication("BearerToken")
          .applyToParams(List.of(), headers, Map.of(), "", "GET", null);
    } catch (ApiException | RuntimeException e) {
      return Optional.empty();
    }
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase("Authorization"))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /**
   * Lists.
   *
   * @param what the resource's name, for saying what is missing
   * @throws Missing if the user may not, or the cluster does not know the resource
   * @throws InspectFailed if the API server does not answer
   */
  List<JsonNode> list(String path, String what, Pair... query) throws Missing {
    List<JsonNode> items = new ArrayList<>();
    String more = "";
    do {
      List<Pair> pairs = new ArrayList<>(List.of(query));
      pairs.add(new Pair("limit", Integer.toString(PAGE)));
      if (!more.isEmpty()) {
        pairs.add(new Pair("continue", more));
      }
      JsonNode page = get(path, pairs, what);
      page.path("items").forEach(items::add);
      more = page.at("/metadata/continue").asText("");
    } while (!more.isEmpty());
    return items;
  }

  private JsonNode get(String path, List<Pair> query, String what) throws Missing {
    try (Response response =
        client
            .buildCall(
                null,
                path,
                "GET",
                query,
                List.of(),
                null,
                new TreeMap<>(Map.of("Accept", "application/json")),
                Map.of(),
                Map.of(),
                new String[] {"BearerToken"},
                null)
            .execute()) {
      if (response.code() == 401 || response.code() == 403) {
        throw new Missing("you may not " + what);
      }
      if (response.code() == 404) {
        throw new Missing(path + " is not there: is Lamella installed?");
      }
      if (!response.isSuccessful()) {
        throw InspectFailed.failed(
            "the API server answers %s with %d".formatted(path, response.code()));
      }
      return json.readTree(response.body().bytes());
    } catch (IOException | ApiException e) {
      throw InspectFailed.failed(
          "the API server at %s does not answer: %s"
              .formatted(client.getBasePath(), e.getMessage()),
          e);
    }
  }
}
