package dev.lamella.extender.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lamella.core.ledger.PodFact;
import dev.lamella.extender.decide.Binder;
import dev.lamella.extender.decide.FilterAnswer;
import dev.lamella.extender.decide.LedgerOwner;
import dev.lamella.extender.decide.Verbs;
import dev.lamella.extender.wire.BindingArgs;
import dev.lamella.extender.wire.BindingResult;
import dev.lamella.extender.wire.ExtenderArgs;
import dev.lamella.extender.wire.FilterResult;
import dev.lamella.extender.wire.HostPriority;
import io.prometheus.client.Histogram;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which path answers what. */
final class Routes extends Handler.Abstract {

  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

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
  Routes(LedgerOwner owner, Verbs verbs, Binder binder, BooleanSupplier ready, int maxBody) {
    this.verbs = verbs;
    this.binder = binder;
    this.ready = ready;
    this.maxBody = maxBody;
    this.metrics = new ExtenderMetrics(owner::snapshot);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Exchange exchange = new Exchange(request, response, callback);
    String path = Request.getPathInContext(request);
    try {
      route(path, exchange);
    } catch (Exchange.Refused e) {
      exchange.refuse(e);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      exchange.text(400, path + ": " + firstLine(e));
    } catch (IOException | RuntimeException e) {
      LOG.error("{} failed", path, e);
      exchange.text(500, path + ": " + e);
    }
    return true;
  }

  private void route(String path, Exchange exchange) throws IOException {
    switch (path) {
      case "/filter", "/prioritize", "/bind" -> verb(path.substring(1), exchange);
      case "/healthz" -> exchange.text(200, "ok");
      case "/readyz" -> readyz(exchange);
      case "/metrics" -> metrics(exchange);
      default -> exchange.text(404, path + " is not served here");
    }
  }

  private void verb(String verb, Exchange exchange) throws IOException {
    if (!"POST".equals(exchange.request().getMethod())) {
      throw new Exchange.Refused(405, "/" + verb + " takes POST");
    }
    if (!ready.getAsBoolean()) {
      throw new Exchange.Refused(503, "the extender has not seen the whole cluster yet");
    }
    byte[] body = exchange.body(maxBody);
    Histogram.Timer timer = metrics.time(verb);
    Object answer =
        switch (verb) {
          case "filter" -> filter(json.readValue(body, ExtenderArgs.class));
          case "prioritize" -> prioritize(json.readValue(body, ExtenderArgs.class));
          default -> bind(json.readValue(body, BindingArgs.class));
        };
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
    metrics.bound(refusal.isEmpty());
    return new BindingResult(refusal.orElse(""));
  }

  private void readyz(Exchange exchange) {
    boolean yes = ready.getAsBoolean();
    exchange.text(yes ? 200 : 503, yes ? "ok" : "the whole cluster has not been seen yet");
  }

  private void metrics(Exchange exchange) throws IOException {
    String type = TextFormat.chooseContentType(exchange.request().getHeaders().get("Accept"));
    StringWriter text = new StringWriter();
    TextFormat.writeFormat(type, text, metrics.registry().metricFamilySamples());
    exchange.answer(200, type, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String firstLine(Exception e) {
    Throwable cause = e.getCause() instanceof IllegalArgumentException ? e.getCause() : e;
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse(e.toString());
  }
}
