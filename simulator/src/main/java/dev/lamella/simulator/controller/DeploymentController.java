package dev.lamella.simulator.controller;

import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.util.ClientBuilder;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns Deployments into ReplicaSets, and those and Jobs into pods. One thread; every round starts
 * from what the API server says then. Rounds follow changes, and come at least once a second.
 */
public final class DeploymentController implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DeploymentController.class);
  private static final long RETRY_MILLIS = 1000;

  /** The object went, or changed, after it was read: the next round sees it as it is. */
  private static final Set<Integer> OVERTAKEN = Set.of(404, 409);

  private final ApiClient client;
  private final WorkloadApi api;
  private final Clock clock;
  private final ExecutorService watches;
  private final SharedInformerFactory informers;
  private final Semaphore changes = new Semaphore(1);
  private final Thread thread = new Thread(this::run, "deployment-controller");
  private volatile boolean closed;

  private DeploymentController(URI kubeApi, Clock clock) {
    client =
        new ClientBuilder()
            .setBasePath(kubeApi.toString())
            .setVerifyingSsl(false)
            .setReadTimeout(Duration.ZERO)
            .build();
    api = new WorkloadApi(client);
    this.clock = clock;
    AtomicInteger count = new AtomicInteger();
    watches =
        Executors.newCachedThreadPool(
            task -> {
              Thread watch =
                  new Thread(task, "deployment-controller-watch-" + count.incrementAndGet());
              watch.setDaemon(true);
              return watch;
            });
    informers = new SharedInformerFactory(client, watches, false);
    thread.setDaemon(true);
  }

  /**
   * Starts a controller over all namespaces.
   *
   * @param kubeApi such as {@code http://127.0.0.1:6443}
   * @param clock for the pause before failed pods are replaced
   */
  public static DeploymentController start(URI kubeApi, Clock clock) {
    DeploymentController controller = new DeploymentController(kubeApi, clock);
    controller.api.onChange(controller.informers, controller.changes::release);
    controller.informers.startAllRegisteredInformers();
    controller.thread.start();
    return controller;
  }

  private void run() {
    try {
      while (!closed) {
        if (changes.tryAcquire(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
          changes.drainPermits();
        }
        round();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void round() {
    try {
      Workloads workloads = api.read();
      List<Action> actions = new ArrayList<>();
      workloads.deployments().forEach(d -> actions.addAll(Rollout.decide(d, workloads)));
      workloads
          .replicaSets()
          .forEach(set -> actions.addAll(Replication.decide(set, workloads, clock.instant())));
      workloads
          .jobs()
          .forEach(job -> actions.addAll(JobRun.decide(job, workloads, clock.instant())));
      for (Action action : actions) {
        apply(action);
      }
    } catch (ApiException e) {
      unlessClosed("the workloads cannot be read", e);
    }
  }

  private void apply(Action action) {
    try {
      api.apply(action);
    } catch (ApiException e) {
      if (!OVERTAKEN.contains(e.getCode())) {
        unlessClosed(action.getClass().getSimpleName() + " was refused", e);
      }
    }
  }

  private void unlessClosed(String what, ApiException e) {
    if (!closed) {
      LOG.warn("{}: {} {}", what, e.getCode(), e.getResponseBody(), e);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    informers.stopAllRegisteredInformers();
    watches.shutdownNow();
    client.getHttpClient().dispatcher().cancelAll();
    client.getHttpClient().dispatcher().executorService().shutdown();
    client.getHttpClient().connectionPool().evictAll();
  }
}
