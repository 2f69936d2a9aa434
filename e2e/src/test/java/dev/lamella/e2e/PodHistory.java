package dev.lamella.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.Request;
import okhttp3.Response;

/** Every version of a namespace's pods from now on, as a watch shows them. */
final class PodHistory implements AutoCloseable {

  private final List<JsonNode> versions = new CopyOnWriteArrayList<>();
  private final Call call;
  private final Consumer<JsonNode> listener;
  private final Thread thread;
  private volatile Exception broken;

  private PodHistory(Call call, Consumer<JsonNode> listener) {
    this.call = call;
    this.listener = listener;
    this.thread = new Thread(this::read, "pod-history");
    thread.setDaemon(true);
  }

  static PodHistory start(Kube kube, Team team) throws IOException {
    return start(kube, team, pod -> {});
  }

  /**
   * @param listener told of each version as it comes, by the watching thread
   */
  static PodHistory start(Kube kube, Team team, Consumer<JsonNode> listener) throws IOException {
    String from = kube.get(team.path("pods")).at("/metadata/resourceVersion").asText();
    String path = team.path("pods?watch=1&timeoutSeconds=600&resourceVersion=" + from);
    Request request = new Request.Builder().url(kube.client().getBasePath() + path).build();
    PodHistory history = new PodHistory(kube.client().getHttpClient().newCall(request), listener);
    history.thread.start();
    return history;
  }

  private void read() {
    try (Response response = call.execute();
        MappingIterator<JsonNode> events =
            new JsonMapper().readerFor(JsonNode.class).readValues(response.body().byteStream())) {
      while (events.hasNextValue()) {
        JsonNode pod = events.nextValue().path("object");
        versions.add(pod);
        listener.accept(pod);
      }
      throw new IOException("the watch has ended");
    } catch (IOException | RuntimeException e) {
      broken = call.isCanceled() ? null : e;
    }
  }

  /** Fails if the watch broke, so that some versions may not have been seen. */
  void requireWhole() throws IOException {
    if (broken != null) {
      throw new IOException("the watch on pods broke: " + broken, broken);
    }
  }

  /** What was seen so far. */
  List<JsonNode> versions() throws IOException {
    requireWhole();
    return List.copyOf(versions);
  }

  @Override
  public void close() {
    call.cancel();
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
