package dev.lamella.extender.http;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.extender.decide.Binder;
import dev.lamella.extender.decide.FilterAnswer;
import dev.lamella.extender.decide.Verbs;
import dev.lamella.extender.metrics.ExtenderMetrics;
import dev.lamella.extender.wire.BindingArgs;
import dev.lamella.extender.wire.BindingResult;
import dev.lamella.extender.wire.ExtenderArgs;
import dev.lamella.extender.wire.FilterResult;
import dev.lamella.extender.wire.HostPriority;
import io.prometheus.client.Histogram;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** kube-scheduler's verbs. */
public final class VerbEndpoints {

  /** What one verb answers to a body. */
  private interface Verb {
    Object answer(byte[] body) throws IOException;
  }

  private final Verbs verbs;
  private final Binder binder;
  private final BooleanSupplier ready;
  private final int maxBody;
  private final ExtenderMetrics metrics;
  private final ObjectMapper json =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /**
   * @param ready whether everything that decides has been seen
   * @param maxBody largest request that is read, in bytes
   */
  public VerbEndpoints(
      Verbs verbs, Binder binder, BooleanSupplier ready, int maxBody, ExtenderMetrics metrics) {
    this.verbs = verbs;
    this.binder = binder;
    this.ready = ready;
    this.maxBody = maxBody;
    this.metrics = metrics;
  }

  /** One endpoint for each verb. */
  public List<Endpoint> all() {
    return List.of(
        verb("filter", body -> filter(json.readValue(body, ExtenderArgs.class))),
        verb("prioritize", body -> prioritize(json.readValue(body, ExtenderArgs.class))),
        verb("bind", body -> bind(json.readValue(body, BindingArgs.class))));
  }

  private Endpoint verb(String name, Verb verb) {
    return Endpoint.of("/" + name, exchange -> answer(name, verb, exchange));
  }

  private void answer(String name, Verb verb, Exchange exchange) throws IOException {
    exchange.require("POST");
    if (!ready.getAsBoolean()) {
      throw new Exchange.Refused(503, "the extender has not seen the whole cluster yet");
    }
    byte[] body = exchange.body(maxBody);
    Histogram.Timer timer = metrics.time(name);
    Object answer = verb.answer(body);
    timer.observeDuration();
    exchange.answer(200, "application/json", json.writeValueAsBytes(answer));
  }

  private FilterResult filter(ExtenderArgs args) {
    Optional<PodFact> pod = pod(args);
    if (pod.isEmpty()) {
      return FilterResult.of(args, new FilterAnswer(args.names(), Map.of()));
    }
    FilterAnswer answer = verbs.filter(pod.get(), args.names());
    metrics.filtered(answer);
    return FilterResult.of(args, answer);
  }

  private List<HostPriority> prioritize(ExtenderArgs args) {
    return pod(args).stream()
        .flatMap(pod -> verbs.prioritize(pod, args.names()).entrySet().stream())
        .map(score -> new HostPriority(score.getKey(), score.getValue()))
        .toList();
  }

  private static Optional<PodFact> pod(ExtenderArgs args) {
    if (args.pod() == null) {
      throw new IllegalArgumentException("Pod is needed");
    }
    return args.pod().fact();
  }

  private BindingResult bind(BindingArgs args) {
    Optional<String> refusal =
        binder.bind(args.podUid(), args.podNamespace(), args.podName(), args.node());
    metrics.bound(refusal);
    return new BindingResult(refusal.orElse(""));
  }
}
