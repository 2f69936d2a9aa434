package dev.lamella.deviceplugin.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lamella.deviceplugin.allocation.PodName;
import dev.lamella.deviceplugin.loop.Loop;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events of the Node and of its pods, written on a thread of their own. They are news, not state:
 * one that cannot be written is logged and dropped.
 */
public final class NodeEvents implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeEvents.class);

  /** Where events of objects without a namespace are kept. */
  private static final String DEFAULT = "default";

  private static final String PATH = "/api/v1/namespaces/%s/events";

  private static final int MOST_WAITING = 256;

  /** Whom an event is about. */
  private record Subject(String kind, String namespace, String name, String uid) {}

  private record News(
      Subject subject, boolean warning, String reason, String message, Instant at) {}

  private final ApiServer server;
  private final String node;
  private final InstantSource clock;
  private final BlockingQueue<News> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Loop loop;

  private NodeEvents(ApiServer server, String node, InstantSource clock) {
    this.server = server;
    this.node = node;
    this.clock = clock;
    this.loop = Loop.start("node-events", this::step);
  }

  /** Starts to write, in the background. */
  public static NodeEvents start(ApiServer server, String node, InstantSource clock) {
    return new NodeEvents(server, node, clock);
  }

  /**
   * Writes an event soon; returns at once.
   *
   * @param reason one CamelCase word
   */
  public void say(boolean warning, String reason, String message) {
    // The kubelet's own events name the Node by its name as UID; kubectl describe looks for that.
    say(new Subject("Node", "", node, node), warning, reason, message);
  }

  /**
   * Writes a warning of a pod of this node soon; returns at once.
   *
   * @param reason one CamelCase word
   */
  public void sayOfPod(PodName pod, String uid, String reason, String message) {
    say(new Subject("Pod", pod.namespace(), pod.name(), uid), true, reason, message);
  }

  private void say(Subject subject, boolean warning, String reason, String message) {
    if (!waiting.offer(new News(subject, warning, reason, message, clock.instant()))) {
      LOG.warn("too many events wait, dropped: {} {}: {}", subject.name(), reason, message);
    }
    loop.ask();
  }

  private Duration step() {
    for (News news = waiting.poll(); news != null; news = waiting.poll()) {
      try {
        String path = PATH.formatted(namespace(news.subject()));
        server.send(ApiServer.Call.of("POST", path, event(news)));
      } catch (IOException e) {
        LOG.warn("an event was not written: {}: {}", news.reason(), e.toString());
      }
    }
    return Duration.ofDays(1);
  }

  private ObjectNode event(News news) {
    String at = news.at().truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectNode event = ApiServer.JSON.createObjectNode();
    event.put("apiVersion", "v1").put("kind", "Event");
    Subject subject = news.subject();
    event
        .putObject("metadata")
        .put("generateName", subject.name() + ".")
        .put("namespace", namespace(subject));
    ObjectNode involved = event.putObject("involvedObject");
    involved.put("apiVersion", "v1").put("kind", subject.kind());
    involved.put("name", subject.name()).put("uid", subject.uid());
    if (!subject.namespace().isEmpty()) {
      involved.put("namespace", subject.namespace());
    }
    event.put("type", news.warning() ? "Warning" : "Normal");
    event.put("reason", news.reason()).put("message", news.message());
    event.put("firstTimestamp", at).put("lastTimestamp", at).put("count", 1);
    event.putObject("source").put("component", "lamella-device-plugin").put("host", node);
    return event;
  }

  private static String namespace(Subject subject) {
    return subject.namespace().isEmpty() ? DEFAULT : subject.namespace();
  }

  @Override
  public void close() {
    loop.close();
  }
}
