package dev.lamella.extender.webhook;

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

  private final Function<String, Tenant> tenants;
  private final BooleanSupplier ready;
  private final WebhookConfig settings;
  private final int maxBody;
  private final Counter admissions;
  private final ObjectMapper json = new ObjectMapper();

  /**
   * @param tenants the tenant of a namespace
   * @param ready whether tenants have been seen; pods that ask for slices are not admitted before
   * @param maxBody largest request that is read, in bytes
   */
  public MutateEndpoint(
      Function<String, Tenant> tenants,
      BooleanSupplier ready,
      WebhookConfig settings,
      int maxBody,
      CollectorRegistry metrics) {
    this.tenants = tenants;
    this.ready = ready;
    this.settings = settings;
    this.maxBody = maxBody;
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
    JsonNode body = json.readTree(exchange.body(maxBody));
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
    LOG.info("admission in {} of tenant {}: {}", review.namespace(), tenant.name(), name);
    LOG.debug("{}", outcome);
    return review.answer(outcome);
  }
}
