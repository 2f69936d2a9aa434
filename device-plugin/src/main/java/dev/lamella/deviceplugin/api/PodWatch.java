package dev.lamella.deviceplugin.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import dev.lamella.deviceplugin.allocation.KnownPod;
import dev.lamella.deviceplugin.loop.Backoff;
import dev.lamella.deviceplugin.loop.Loop;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import okhttp3.Response;

/**
 * Lists and watches the metadata of this node's pods that have not ended.
 *
 * <p>Metadata has no phase, so the server is asked to leave ended pods out: a pod that ends counts
 * as deleted. Without that, a Job's finished pod would look like one whose assignment is still to
 * be handed out.
 */
public final class PodWatch implements AutoCloseable {

  /** After which time the server ends a watch; it then goes on where it was. */
  static final Duration SERVER_TIMEOUT = Duration.ofMinutes(5);

  private static final String PATH = "/api/v1/pods";
  private static final String META = "g=meta.k8s.io;v=v1,application/json";
  private static final String LIST = "application/json;as=PartialObjectMetadataList;" + META;
  private static final String WATCH = "application/json;as=PartialObjectMetadata;" + META;

  private final ApiServer server;
  private final String selector;
  private final PodListener listener;
  private final PodReader reader;
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));
  private final Loop loop;
  private volatile String resourceVersion = "";
  private volatile okhttp3.Call open;
  private volatile boolean closed;

  private PodWatch(ApiServer server, String node, PodListener listener) {
    this.server = server;
    this.selector = "spec.nodeName=" + node + ",status.phase!=Succeeded,status.phase!=Failed";
    this.listener = listener;
    this.reader = new PodReader(listener);
    this.loop = Loop.start("pod-watch", this::step);
  }

  /** Starts to watch, in the background. */
  public static PodWatch start(ApiServer server, String node, PodListener listener) {
    return new PodWatch(server, node, listener);
  }

  /** How far the watch has come: the newest resource version seen; empty before the first list. */
  public String resourceVersion() {
    return resourceVersion;
  }

  private Duration step() {
    try {
      if (resourceVersion.isEmpty()) {
        list();
      }
      watch();
      backoff.worked();
      return Duration.ZERO;
    } catch (ApiException e) {
      if (e.code() == HttpURLConnection.HTTP_GONE) {
        resourceVersion = "";
      }
      return failed(e);
    } catch (IOException e) {
      return failed(e);
    }
  }

  private Duration failed(IOException e) {
    if (closed) {
      return Duration.ofDays(1);
    }
    listener.reconnecting(e.toString());
    return backoff.failed();
  }

  private void list() throws IOException {
    JsonNode list = server.send(ApiServer.Call.get(PATH, Map.of("fieldSelector", selector), LIST));
    List<KnownPod> pods = new ArrayList<>();
    list.path("items").forEach(pod -> pods.add(reader.read(pod)));
    listener.listed(pods);
    resourceVersion = list.path("metadata").path("resourceVersion").asText();
  }

  private void watch() throws IOException {
    Map<String, String> query = new TreeMap<>();
    query.put("fieldSelector", selector);
    query.put("watch", "1");
    query.put("allowWatchBookmarks", "true");
    query.put("resourceVersion", resourceVersion);
    query.put("timeoutSeconds", Long.toString(SERVER_TIMEOUT.toSeconds()));
    okhttp3.Call call = server.stream(ApiServer.Call.get(PATH, query, WATCH));
    open = call;
    if (closed) {
      return;
    }
    try (Response response = call.execute();
        MappingIterator<JsonNode> events =
            ApiServer.JSON
                .readerFor(JsonNode.class)
                .readValues(ApiServer.successful(response).byteStream())) {
      backoff.worked();
      while (events.hasNextValue()) {
        take(events.nextValue());
      }
    }
  }

  private void take(JsonNode event) throws IOException {
    JsonNode object = event.path("object");
    switch (event.path("type").asText()) {
      case "ADDED", "MODIFIED" -> listener.seen(reader.read(object));
      case "DELETED" -> {
        reader.forget(PodReader.uid(object));
        listener.gone(PodReader.uid(object));
      }
      case "ERROR" ->
          throw new ApiException(
              object.path("code").asInt(), "the watch ended: " + object.path("message").asText());
      default -> {
        // A bookmark: nothing but how far we are.
      }
    }
    String version = object.path("metadata").path("resourceVersion").asText();
    if (!version.isEmpty()) {
      resourceVersion = version;
    }
  }

  @Override
  public void close() {
    closed = true;
    okhttp3.Call call = open;
    if (call != null) {
      call.cancel();
    }
    loop.close();
  }
}
