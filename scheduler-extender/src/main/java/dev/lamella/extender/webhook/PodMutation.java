package dev.lamella.extender.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.WholeSlices;
import dev.lamella.extender.config.WebhookConfig;
import dev.lamella.extender.kube.DeviceCount;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of a pod at admission: a function of the pod, its tenant and the settings.
 *
 * <p><b>Goals.</b> A pod that asks for slices reaches the scheduler and the nodes that can give
 * them; a best-effort tenant's whole slices become what the tenant allows, or the owner hears at
 * once why not. <b>Constraints.</b> A pod that asks for none is not touched. What comes out, put in
 * again, is not touched: the API server may ask twice.
 */
final class PodMutation {

  private PodMutation() {}

  /** What becomes of it. */
  sealed interface Outcome {

    /** It is admitted as it is. */
    record Untouched() implements Outcome {}

    /**
     * It is not admitted.
     *
     * @param message for the pod's owner: what is wrong and what would be right
     */
    record Refused(String message) implements Outcome {}

    /**
     * It is admitted with changes.
     *
     * @param patch a JSON patch
     * @param warnings what the owner should know
     */
    record Patched(ArrayNode patch, List<String> warnings) implements Outcome {}
  }

  /** Whether the pod asks for slices at all, as kube-scheduler sees it: also for none of them. */
  static boolean concerns(JsonNode pod) {
    return !Ask.of(pod).isEmpty();
  }

  /** What becomes of a pod of a tenant. */
  static Outcome of(Tenant tenant, JsonNode pod, WebhookConfig settings) {
    List<Ask> asks = Ask.of(pod);
    if (asks.isEmpty()) {
      return new Outcome.Untouched();
    }
    try {
      return refusal(tenant, asks, pod, settings)
          .<Outcome>map(Outcome.Refused::new)
          .orElseGet(() -> patched(tenant, asks, pod, settings));
    } catch (IllegalArgumentException e) {
      return new Outcome.Refused(e.getMessage());
    }
  }

  private static Optional<String> refusal(
      Tenant tenant, List<Ask> asks, JsonNode pod, WebhookConfig settings) {
    String scheduler = pod.path("spec").path("schedulerName").asText();
    boolean ours =
        settings.schedulerName().isEmpty()
            || scheduler.isEmpty()
            || scheduler.equals(Destination.DEFAULT_SCHEDULER)
            || scheduler.equals(settings.schedulerName());
    if (!ours) {
      return Optional.of(
          "spec.schedulerName is %s, but pods that ask for %s are placed by %s: leave it out"
              .formatted(scheduler, asks.get(0).resource(), settings.schedulerName()));
    }
    return keptTo(tenant, WholeSlices.REFUSE)
        ? asks.stream().filter(PodMutation::asksWhole).findFirst().map(ask -> told(tenant, ask))
        : Optional.empty();
  }

  private static boolean asksWhole(Ask ask) {
    return !ask.resource().shared() && DeviceCount.parse(ask.resource().text(), ask.text()) > 0;
  }

  private static String told(Tenant tenant, Ask ask) {
    return "tenant %s gets shares, not whole slices: container %s asks for %s, ask for %s"
        .formatted(tenant.name(), ask.container(), ask.resource(), ask.resource().otherMode());
  }

  private static boolean keptTo(Tenant tenant, WholeSlices rule) {
    return !tenant.latencyCritical() && tenant.wholeSlices() == rule;
  }

  private static Outcome patched(
      Tenant tenant, List<Ask> asks, JsonNode pod, WebhookConfig settings) {
    JsonPatch patch = new JsonPatch();
    Set<String> changes = new LinkedHashSet<>();
    if (keptTo(tenant, WholeSlices.REWRITE)) {
      changes.addAll(Shares.instead(asks, pod, patch));
    }
    Destination.scheduler(settings, pod, patch);
    Destination.tolerations(settings, pod, patch);
    Destination.affinity(settings, pod, patch);
    if (patch.isEmpty()) {
      return new Outcome.Untouched();
    }
    String why = "tenant " + tenant.name() + " gets shares, not whole slices: ";
    return new Outcome.Patched(patch.operations(), changes.stream().map(why::concat).toList());
  }
}
