package dev.lamella.extender.explain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lamella.core.explain.ClusterState;
import dev.lamella.core.explain.ClusterStates;
import dev.lamella.core.explain.Explainer;
import dev.lamella.core.explain.Explanation;
import dev.lamella.core.explain.Question;
import dev.lamella.core.explain.Viewer;
import dev.lamella.core.explain.WhatIf;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.pod.PodRef;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.core.spelling.Spelling;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.extender.decide.ClusterAccounts;
import dev.lamella.extender.http.Endpoint;
import dev.lamella.extender.http.Exchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The questions of people. */
public final class ExplainEndpoints {

  private static final String EXPLAIN = "/explain/";
  private static final int NODES_SHOWN = 5;
  private static final int DEVICES = 1_024;
  private static final int PAGE_NODES = 500;
  private static final int PAGE_NODES_MOST = 5_000;

  /** An answer about a large cluster is tens of MB: only so many are written at once. */
  private static final int AT_ONCE = 4;

  private static final long WAIT_MILLIS = 2_000;

  private final ClusterAccounts accounts;
  private final Viewers viewers;
  private final BooleanSupplier ready;
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final ObjectMapper json =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .build();

  /**
   * @param viewers who asks and what they may see
   * @param ready whether everything that decides has been seen
   */
  public ExplainEndpoints(ClusterAccounts accounts, Viewers viewers, BooleanSupplier ready) {
    this.accounts = accounts;
    this.viewers = viewers;
    this.ready = ready;
  }

  /** {@code /explain/}, {@code /whatif} and {@code /state}. */
  public List<Endpoint> all() {
    return List.of(
        Endpoint.of(EXPLAIN, exchange -> answer(exchange, this::explain)),
        Endpoint.of("/whatif", exchange -> answer(exchange, this::whatIf)),
        Endpoint.of("/state", exchange -> answer(exchange, this::state)));
  }

  private interface Answering {
    void answer(Exchange exchange, Viewer viewer) throws IOException, TimeoutException;
  }

  private void answer(Exchange exchange, Answering answering) throws IOException {
    exchange.require("GET");
    if (!ready.getAsBoolean()) {
      throw new Exchange.Refused(503, "the extender has not seen the whole cluster yet");
    }
    Viewer viewer = viewers.of(exchange);
    if (!aPlaceIsFree()) {
      throw new Exchange.Refused(503, "too many questions at once, try again");
    }
    try {
      answering.answer(exchange, viewer);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (TimeoutException e) {
      throw new Exchange.Refused(503, "the ledger is busy, try again");
    } finally {
      places.release();
    }
  }

  private boolean aPlaceIsFree() {
    try {
      return places.tryAcquire(WAIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void explain(Exchange exchange, Viewer viewer) throws IOException, TimeoutException {
    Asked asked = Asked.of(exchange, List.of("output", "limit", "all"));
    String[] parts = exchange.path().substring(EXPLAIN.length()).split("/", -1);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new IllegalArgumentException("expected /explain/NAMESPACE/POD");
    }
    PodRef pod = new PodRef("", parts[0], parts[1]);
    if (!viewer.sees(pod)) {
      throw new Exchange.Refused(403, "you may not get pod " + pod);
    }
    Question question =
        accounts
            .question(parts[0], parts[1])
            .orElseThrow(
                () ->
                    new Exchange.Refused(
                        404, "no pod " + pod + " is known, or it asks for no slices"));
    Explanation found = Explainer.explain(question, viewer, asked.limit(NODES_SHOWN));
    reply(exchange, asked.json(), found, () -> ExplanationText.of(found));
  }

  private void whatIf(Exchange exchange, Viewer viewer) throws IOException, TimeoutException {
    Asked asked =
        Asked.of(
            exchange, List.of("tenant", "resource", "count", "priority", "output", "limit", "all"));
    Snapshot snapshot = accounts.all().snapshot();
    WhatIf.Ask ask =
        new WhatIf.Ask(
            tenant(asked.needed("tenant"), snapshot),
            resource(asked.needed("resource")),
            asked.number("count", 1, 1, DEVICES),
            asked.number("priority", 0, Integer.MIN_VALUE, Integer.MAX_VALUE));
    WhatIf.Answer found =
        WhatIf.ask(
            ask,
            snapshot,
            accounts.policy(),
            accounts.budgets(),
            viewer,
            asked.limit(NODES_SHOWN),
            accounts.now());
    reply(exchange, asked.json(), found, () -> ExplanationText.of(found));
  }

  private static Tenant tenant(String name, Snapshot snapshot) {
    List<Tenant> all =
        Stream.concat(snapshot.tenants().all().stream(), Stream.of(Tenant.UNCLAIMED)).toList();
    return all.stream()
        .filter(tenant -> tenant.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "tenant is %s, which does not exist; did you mean %s?"
                        .formatted(
                            name,
                            Spelling.nearest(name, all.stream().map(Tenant::name).toList()))));
  }

  private static ResourceName resource(String text) {
    return ResourceName.parse(text)
        .or(() -> ResourceName.parse("nvidia.com/" + text))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "resource is %s, expected one such as nvidia.com/mig-1g.5gb".formatted(text)));
  }

  private void state(Exchange exchange, Viewer viewer) throws IOException, TimeoutException {
    Asked asked = Asked.of(exchange, List.of("output", "after", "limit"));
    ClusterState.Page page =
        new ClusterState.Page(
            exchange.parameter("after").orElse(""),
            asked.number("limit", PAGE_NODES, 1, PAGE_NODES_MOST));
    ClusterAccounts.Account account = accounts.all();
    exchange.answer(
        200,
        "application/json",
        json.writeValueAsBytes(
            ClusterStates.of(account.snapshot(), account.waiting(), viewer, page)));
  }

  private interface Text {
    List<String> lines();
  }

  private void reply(Exchange exchange, boolean asJson, Object value, Text text)
      throws IOException {
    if (asJson) {
      exchange.answer(200, "application/json", json.writeValueAsBytes(value));
    } else {
      byte[] body = (String.join("\n", text.lines()) + "\n").getBytes(StandardCharsets.UTF_8);
      exchange.answer(200, "text/plain; charset=utf-8", body);
    }
  }
}
