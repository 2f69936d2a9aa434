package dev.lamella.extender.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.extender.access.Access;
import dev.lamella.extender.config.WebhookConfig;
import dev.lamella.extender.http.Endpoint;
import dev.lamella.extender.http.Exchange;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.io.IOException;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /mutate}: the API server asks about a pod before it admits it. Every replica answers,
 * whether it leads or not: what is needed is known to all of them.
 */
public final class MutateEndpoint implements Endpoint {

  private static final Logger LOG = LoggerFactory.getLogger(MutateEndpoint.class);

  /** The API server takes no object above 3 MiB; the rest is what it says about it. */
  private static final int MOST_BYTES = 4 << 20;

  /** Of a review, which becomes a tree in memory: bytes alone do not bound that. */
  private static final int MOST_TOKENS = 200_000;

  private static final int DEEPEST = 100;

  private final Function<String, Tenant> tenants;
  private final BooleanSupplier ready;
  private final WebhookConfig settings;
  private final Counter admissions;
  private final ObjectMapper json =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(DEEPEST)
                      .maxTokenCount(MOST_TOKENS)
                      .build())
              .build());

  /**
   * @param tenants the tenant of a namespace
   * @param ready whether tenants have been seen; pods that ask for slices are not admitted before
   */
  public MutateEndpoint(
      Function<String, Tenant> tenants,
      BooleanSupplier ready,
      WebhookConfig settings,
      CollectorRegistry metrics) {
    this.tenants = tenants;
    this.ready = ready;
    this.settings = settings;
    this.admissions =
        Counter.build("lamella_extender_admissions", "Pods that the webhook was asked about.")
            .labelNames("outcome")
            .register(metrics);
  }

  @Override
  public String path() {
    return "/mutate";
  }

  /** The API server shows no credentials. What is told is a namespace's tenant and its rule. */
  @Override
  public Access access() {
    return Access.ANYONE;
  }

  @Override
  public void answer(Exchange exchange) throws IOException {
    exchange.require("POST");
    JsonNode body = json.readTree(exchange.body(MOST_BYTES));
    ObjectNode answer = answer(AdmissionReview.read(body));
    exchange.answer(200, "application/json", json.writeValueAsBytes(answer));
  }

  private ObjectNode answer(AdmissionReview review) throws Exchange.Refused {
    if (!review.createsPod() || !PodMutation.concerns(review.object())) {
      return review.untouched();
    }
    if (!ready.getAsBoolean()) {
      throw new Exchange.Refused(503, "the extender has not seen the tenants yet");
    }
    Tenant tenant = tenants.apply(review.namespace());
    PodMutation.Outcome outcome = PodMutation.of(tenant, review.object(), settings);
    String name = outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    admissions.labels(name).inc();
    LOG.info(
        "admission namespace={} tenant={} outcome={}", review.namespace(), tenant.name(), name);
    LOG.debug("{}", outcome);
    return review.answer(outcome);
  }
}
