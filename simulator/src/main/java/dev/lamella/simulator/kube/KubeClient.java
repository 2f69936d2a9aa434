package dev.lamella.simulator.kube;

import io.kubernetes.client.informer.SharedIndexInformer;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1DeleteOptions;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1NodeList;
import io.kubernetes.client.openapi.models.V1NodeStatus;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodList;
import io.kubernetes.client.openapi.models.V1Preconditions;
import io.kubernetes.client.util.ClientBuilder;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import okhttp3.Call;
import okhttp3.Response;

/** A Kubernetes API server and what is asked of it, over client-java. Safe for several threads. */
public final class KubeClient implements AutoCloseable {

  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;
  private static final int ATTEMPTS = 10;

  private final ApiClient client;
  private final CoreV1Api core;
  private final ExecutorService watches;
  private final SharedInformerFactory informers;

  private KubeClient(ApiClient client, ExecutorService watches) {
    this.client = client;
    this.core = new CoreV1Api(client);
    this.watches = watches;
    this.informers = new SharedInformerFactory(client, watches, false);
  }

  /**
   * A client of one API server; nothing is sent yet.
   *
   * @param api such as {@code http://127.0.0.1:6443}
   * @param name what the threads are named after
   */
  public static KubeClient of(URI api, String name) {
    ApiClient client =
        new ClientBuilder()
            .setBasePath(api.toString())
            .setVerifyingSsl(false)
            .setReadTimeout(Duration.ZERO)
            .build();
    AtomicInteger count = new AtomicInteger();
    ExecutorService watches =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, name + "-watch-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    return new KubeClient(client, watches);
  }

  /** The core API's typed calls. */
  public CoreV1Api core() {
    return core;
  }

  /**
   * Pods of all namespaces, kept up to date once {@link #startWatching} was called. A client
   * watches each kind once: either this or {@link #podsOn}.
   */
  public SharedIndexInformer<V1Pod> pods() {
    return informers.sharedIndexInformerFor(
        params ->
            core.listPodForAllNamespaces()
                .resourceVersion(params.resourceVersion)
                .timeoutSeconds(params.timeoutSeconds)
                .watch(params.watch)
                .buildCall(null),
        V1Pod.class,
        V1PodList.class);
  }

  /** Pods bound to one node, kept up to date once {@link #startWatching} was called. */
  public SharedIndexInformer<V1Pod> podsOn(String node) {
    return informers.sharedIndexInformerFor(
        params ->
            core.listPodForAllNamespaces()
                .fieldSelector("spec.nodeName=" + node)
                .resourceVersion(params.resourceVersion)
                .timeoutSeconds(params.timeoutSeconds)
                .watch(params.watch)
                .buildCall(null),
        V1Pod.class,
        V1PodList.class);
  }

  /** All nodes, kept up to date once {@link #startWatching} was called. */
  public SharedIndexInformer<V1Node> nodes() {
    return informers.sharedIndexInformerFor(
        params ->
            core.listNode()
                .resourceVersion(params.resourceVersion)
                .timeoutSeconds(params.timeoutSeconds)
                .watch(params.watch)
                .buildCall(null),
        V1Node.class,
        V1NodeList.class);
  }

  /** Starts what {@link #pods}, {@link #podsOn} and {@link #nodes} have set up. */
  public void startWatching() {
    informers.startAllRegisteredInformers();
  }

  /**
   * Changes a pod's status by read and replace, again if it was changed meanwhile.
   *
   * @return the pod as written; empty if it is gone, or another pod has its name
   */
  public Optional<V1Pod> updatePodStatus(V1Pod pod, Consumer<V1Pod> change) throws ApiException {
    String namespace = pod.getMetadata().getNamespace();
    String name = pod.getMetadata().getName();
    for (int attempt = 1; ; attempt++) {
      try {
        V1Pod current = core.readNamespacedPod(name, namespace).execute();
        if (!pod.getMetadata().getUid().equals(current.getMetadata().getUid())) {
          return Optional.empty();
        }
        change.accept(current);
        return Optional.of(core.replaceNamespacedPodStatus(name, namespace, current).execute());
      } catch (ApiException e) {
        if (e.getCode() == NOT_FOUND) {
          return Optional.empty();
        }
        if (e.getCode() != CONFLICT || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /**
   * Changes a node's status by read and replace, again if it was changed meanwhile; writes nothing
   * if it is the same.
   *
   * @param change gives the new status and leaves the node as it is
   */
  public V1Node updateNodeStatus(String name, Function<V1Node, V1NodeStatus> change)
      throws ApiException {
    for (int attempt = 1; ; attempt++) {
      V1Node node = core.readNode(name).execute();
      V1NodeStatus before = node.getStatus();
      V1NodeStatus after = change.apply(node);
      if (after.equals(before)) {
        return node;
      }
      try {
        return core.replaceNodeStatus(name, node.status(after)).execute();
      } catch (ApiException e) {
        if (e.getCode() != CONFLICT || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Removes a pod at once; nothing happens if it is gone, or another pod has its name. */
  public void removePod(V1Pod pod) throws ApiException {
    V1DeleteOptions options =
        new V1DeleteOptions()
            .gracePeriodSeconds(0L)
            .preconditions(new V1Preconditions().uid(pod.getMetadata().getUid()));
    Call call =
        core.deleteNamespacedPod(pod.getMetadata().getName(), pod.getMetadata().getNamespace())
            .body(options)
            .buildCall(null);
    int code = send(call);
    if (code >= 300 && code != NOT_FOUND && code != CONFLICT) {
      throw new ApiException(code, "pod " + pod.getMetadata().getName() + " cannot be removed");
    }
  }

  /**
   * Sends a call whose answer is an object of one kind or another, which client-java's typed calls
   * cannot read.
   *
   * @return the HTTP status code
   */
  public static int send(Call call) throws ApiException {
    try (Response response = call.execute()) {
      return response.code();
    } catch (IOException e) {
      throw new ApiException(e);
    }
  }

  @Override
  public void close() {
    informers.stopAllRegisteredInformers();
    watches.shutdownNow();
    client.getHttpClient().dispatcher().cancelAll();
    client.getHttpClient().dispatcher().executorService().shutdown();
    client.getHttpClient().connectionPool().evictAll();
  }
}
