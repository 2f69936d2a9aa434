package dev.lamella.core.quota;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.amount.Cap;
import dev.lamella.core.ledger.PodCharge;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.ledger.TenantUsage;
import dev.lamella.core.reason.Reason;
import dev.lamella.core.reason.Rule;
import dev.lamella.core.resource.ResourceName;
import dev.lamella.core.tenancy.Quota;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.WholeSlices;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whether a tenant may have one more pod.
 *
 * <h2>Goals</h2>
 *
 * No bind exceeds a limit. What a tenant was promised is there for it: others borrow only what no
 * promise and no use stands on.
 *
 * <h2>Algorithm</h2>
 *
 * The rules in turn, each a method of its name: whole slices, profile cap, pods, limit, guaranteed,
 * borrowing. The first that refuses gives the reason.
 */
public final class QuotaCheck {

  private QuotaCheck() {}

  /**
   * @param tenant whose pod it is
   * @param pod what the pod would be charged, with the rank that it would have
   */
  public static Standing standing(Tenant tenant, PodCharge pod, Snapshot snapshot) {
    TenantUsage usage = snapshot.usage(tenant);
    Optional<Reason> refusal =
        wholeSlices(tenant, pod)
            .or(() -> profileCap(tenant, pod, usage))
            .or(() -> pods(tenant, usage))
            .or(() -> limit(tenant, pod, usage));
    if (refusal.isPresent()) {
      return new Standing.Refused(refusal.get());
    }
    if (usage.wouldBeGuaranteed(pod)) {
      return new Standing.Guaranteed();
    }
    return borrowing(tenant, pod, snapshot)
        .<Standing>map(Standing.Refused::new)
        .orElseGet(Standing.Borrowing::new);
  }

  /** Rule <b>whole slices</b>: a best-effort tenant may be kept to shares. */
  private static Optional<Reason> wholeSlices(Tenant tenant, PodCharge pod) {
    if (tenant.latencyCritical()
        || tenant.wholeSlices() == WholeSlices.BORROW
        || !pod.asksWhole()) {
      return Optional.empty();
    }
    ResourceName asked =
        pod.needs().totals().keySet().stream().filter(r -> !r.shared()).findFirst().orElseThrow();
    String sentence =
        "tenant %s gets shares, not whole slices: ask for %s"
            .formatted(tenant.name(), asked.otherMode());
    return Optional.of(
        new Reason(
            Rule.WHOLE_REFUSED,
            sentence,
            sentence + " (wholeSlices is " + tenant.wholeSlices().text() + ")"));
  }

  /** Rule <b>profile cap</b>: at most so many slices of a profile, shares as fractions. */
  private static Optional<Reason> profileCap(Tenant tenant, PodCharge pod, TenantUsage usage) {
    for (Map.Entry<String, Integer> cap : tenant.quota().profiles().entrySet()) {
      String profile = cap.getKey();
      long asked = pod.sliceParts().getOrDefault(profile, 0L);
      long used = usage.sliceParts(profile);
      if (asked > 0 && used + asked > cap.getValue() * Amount.PARTS) {
        return Optional.of(
            new Reason(
                Rule.PROFILE_CAP,
                "tenant %s would exceed its quota of %d %s slices"
                    .formatted(tenant.name(), cap.getValue(), profile),
                "tenant %s uses %s %s slices, the pod asks for %s, its quota is %d"
                    .formatted(
                        tenant.name(), slices(used), profile, slices(asked), cap.getValue())));
      }
    }
    return Optional.empty();
  }

  private static String slices(long parts) {
    return new Amount(parts, 0).compute();
  }

  /** Rule <b>pods</b>: at most so many bound pods, whatever they ask for. */
  private static Optional<Reason> pods(Tenant tenant, TenantUsage usage) {
    OptionalInt most = tenant.quota().pods();
    int bound = usage.ranked().size();
    if (most.isEmpty() || bound < most.getAsInt()) {
      return Optional.empty();
    }
    String sentence =
        "tenant %s would exceed its quota of %d pods".formatted(tenant.name(), most.getAsInt());
    return Optional.of(
        new Reason(Rule.TENANT_PODS, sentence, "%s: it has %d".formatted(sentence, bound)));
  }

  /** Rule <b>limit</b>: no bind exceeds it. */
  private static Optional<Reason> limit(Tenant tenant, PodCharge pod, TenantUsage usage) {
    Cap limit = tenant.quota().limit();
    Amount with = usage.used().plus(pod.amount());
    if (limit.admits(with)) {
      return Optional.empty();
    }
    return Optional.of(
        new Reason(
            Rule.TENANT_LIMIT,
            "tenant %s would exceed its quota limit of %s".formatted(tenant.name(), limit),
            "tenant %s uses %s, the pod asks for %s, its quota limit is %s"
                .formatted(tenant.name(), usage.used(), pod.amount(), limit)));
  }

  /**
   * Rule <b>borrowing</b>: the cohort's usage stays within the healthy slices less what tenants
   * outside it use or were promised, whichever is more. Compute alone is counted.
   */
  private static Optional<Reason> borrowing(Tenant tenant, PodCharge pod, Snapshot snapshot) {
    long capacity = snapshot.capacity().computeParts();
    long usedInside = pod.amount().computeParts();
    long keptOutside = 0;
    for (Tenant other : everyone(tenant, snapshot)) {
      long used = snapshot.usage(other).used().computeParts();
      if (other.cohort().equals(tenant.cohort())) {
        usedInside += used;
      } else {
        keptOutside += Math.max(used, guaranteed(other.quota()));
      }
    }
    if (usedInside <= capacity - keptOutside) {
      return Optional.empty();
    }
    return Optional.of(
        new Reason(
            Rule.NOTHING_TO_BORROW,
            "tenant %s is above its guarantee and cohort %s has nothing left to borrow"
                .formatted(tenant.name(), tenant.cohort()),
            "with the pod cohort %s would use %s of %s compute slices, of which %s are kept for others"
                .formatted(
                    tenant.cohort(),
                    new Amount(usedInside, 0).compute(),
                    new Amount(capacity, 0).compute(),
                    new Amount(keptOutside, 0).compute())));
  }

  private static long guaranteed(Quota quota) {
    return quota.guaranteed().map(Cap::floor).orElse(Amount.ZERO).computeParts();
  }

  /** All tenants, and those of namespaces that nobody claims. */
  private static List<Tenant> everyone(Tenant self, Snapshot snapshot) {
    List<Tenant> everyone = new ArrayList<>(snapshot.tenants().all());
    everyone.add(Tenant.UNCLAIMED);
    if (everyone.stream().noneMatch(tenant -> tenant.name().equals(self.name()))) {
      everyone.add(self);
    }
    return everyone;
  }
}
