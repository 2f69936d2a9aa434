package dev.lamella.extender.http;

import dev.lamella.core.ledger.PodFact;
import dev.lamella.core.reason.Reason;
import dev.lamella.extender.access.Access;
import dev.lamella.extender.config.Limits;
import dev.lamella.extender.decide.Binder;
import dev.lamella.extender.decide.FilterAnswer;
import dev.lamella.extender.decide.Verbs;
import dev.lamella.extender.metrics.ExtenderMetrics;
import dev.lamella.extender.wire.BindingArgs;
import dev.lamella.extender.wire.BindingResult;
import dev.lamella.extender.wire.Body;
import dev.lamella.extender.wire.ExtenderArgs;
import dev.lamella.extender.wire.FilterResult;
import dev.lamella.extender.wire.HostPriority;
import dev.lamella.extender.wire.PreemptionArgs;
import dev.lamella.extender.wire.PreemptionResult;
import dev.lamella.extender.wire.Victims;
import dev.lamella.extender.wire.WireJson;
import io.prometheus.client.Histogram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** kube-scheduler's verbs. */
public final class VerbEndpoints {

  /** What one verb answers to a body, in parts. */
  private interface Verb {
    List<ByteBuffer> answer(Body body) throws IOException;
  }

  private final Verbs verbs;
  private final Binder binder;
  private final BooleanSupplier ready;
  private final ExtenderMetrics metrics;
  private final WireJson json;

  /**
   * @param ready whether everything that decides has been seen
   * @param limits how deep and long what is sent may be
   */
  public VerbEndpoints(
      Verbs verbs, Binder binder, BooleanSupplier ready, Limits limits, ExtenderMetrics metrics) {
    this.verbs = verbs;
    this.binder = binder;
    this.ready = ready;
    this.metrics = metrics;
    this.json = new WireJson(limits.maxJsonDepth(), limits.maxStringLength());
  }

  /** One endpoint for each verb. */
  public List<Endpoint> all() {
    return List.of(
        verb("filter", body -> filter(ExtenderArgs.read(json, body))),
        verb("prioritize", body -> one(prioritize(ExtenderArgs.read(json, body)))),
        verb("preempt", body -> one(preempt(PreemptionArgs.read(json, body)))),
        verb("bind", body -> one(bind(BindingArgs.read(json, body)))));
  }

  private Endpoint verb(String name, Verb verb) {
    return Endpoint.of("/" + name, Access.VERB, exchange -> answer(name, verb, exchange));
  }

  private void answer(String name, Verb verb, Exchange exchange) throws IOException {
    exchange.require("POST");
    exchange.requireJson();
    if (!ready.getAsBoolean()) {
      throw new Exchange.Refused(503, "the extender has not seen the whole cluster yet");
    }
    Histogram.Timer timer = metrics.time(name);
    List<ByteBuffer> answer = verb.answer(exchange.body());
    timer.observeDuration();
    exchange.answer(200, "application/json", answer);
  }

  private List<ByteBuffer> one(Object reply) throws IOException {
    return List.of(ByteBuffer.wrap(json.write(reply)));
  }

  private List<ByteBuffer> filter(ExtenderArgs args) throws IOException {
    Optional<PodFact> pod = args.pod().fact();
    if (pod.isEmpty()) {
      return FilterResult.of(json, args, new FilterAnswer(args.names(), Map.of()));
    }
    FilterAnswer answer = verbs.filter(pod.get(), args.names());
    metrics.filtered(answer);
    return FilterResult.of(json, args, answer);
  }

  private List<HostPriority> prioritize(ExtenderArgs args) {
    return args.pod().fact().stream()
        .flatMap(pod -> verbs.prioritize(pod, args.names()).entrySet().stream())
        .map(score -> new HostPriority(score.getKey(), score.getValue()))
        .toList();
  }

  private PreemptionResult preempt(PreemptionArgs args) {
    SortedMap<String, Victims> left = new TreeMap<>(args.victims());
    args.pod()
        .fact()
        .ifPresent(
            pod -> {
              SortedMap<String, Set<String>> victims = new TreeMap<>();
              args.victims().forEach((n, v) -> victims.put(n, new LinkedHashSet<>(v.uids())));
              Map<String, Reason> refused = verbs.preempt(pod, victims);
              left.keySet().removeAll(refused.keySet());
            });
    return PreemptionResult.of(left);
  }

  private BindingResult bind(BindingArgs args) {
    Optional<String> refusal =
        binder.bind(args.podUid(), args.podNamespace(), args.podName(), args.node());
    metrics.bound(refusal);
    return new BindingResult(refusal.orElse(""));
  }
}
