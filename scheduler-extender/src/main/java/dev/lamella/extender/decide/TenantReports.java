package dev.lamella.extender.decide;

import dev.lamella.core.amount.Amount;
import dev.lamella.core.api.Condition;
import dev.lamella.core.ledger.Snapshot;
import dev.lamella.core.quota.TenantAccount;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.extender.kube.TenantFaults;
import dev.lamella.extender.kube.TenantStatus;
import dev.lamella.extender.kube.TenantStatus.Quantities;
import dev.lamella.extender.kube.TenantWriter;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells tenants how they stand, in their status; written when it has changed. */
final class TenantReports {

  private static final Logger LOG = LoggerFactory.getLogger(TenantReports.class);

  /** Somebody else may have written meanwhile: another replica that led, or a person. */
  static final long AGAIN_MILLIS = 300_000;

  private final LedgerOwner owner;
  private final Demands demands;
  private final TenantFaults faults;
  private final TenantWriter writer;
  private final Clock clock;
  private final Map<String, Written> written = new HashMap<>();

  /**
   * What a tenant was told last.
   *
   * @param at in milliseconds since the epoch
   * @param certain whether the API server has said that it took it
   */
  private record Written(TenantStatus status, long at, boolean certain) {}

  TenantReports(
      LedgerOwner owner, Demands demands, TenantFaults faults, TenantWriter writer, Clock clock) {
    this.owner = owner;
    this.demands = demands;
    this.faults = faults;
    this.writer = writer;
    this.clock = clock;
  }

  /** Writes every status that has changed. */
  void tick() {
    Snapshot snapshot = owner.snapshot();
    Map<String, String> wrong = faults.all();
    for (Tenant tenant : snapshot.tenants().all()) {
      if (!wrong.containsKey(tenant.name())) {
        write(tenant.name(), status(tenant, snapshot));
      }
    }
    wrong.forEach((tenant, message) -> write(tenant, unread(tenant, message)));
    Set<String> there = new HashSet<>(wrong.keySet());
    snapshot.tenants().all().forEach(tenant -> there.add(tenant.name()));
    written.keySet().retainAll(there);
  }

  private void write(String tenant, TenantStatus status) {
    Written last = written.get(tenant);
    long now = clock.millis();
    boolean told = last != null && last.certain() && status.equals(last.status());
    if (told && now - last.at() < AGAIN_MILLIS) {
      return;
    }
    boolean taken = false;
    try {
      writer.write(tenant, status);
      taken = true;
    } catch (IOException e) {
      LOG.warn("{}", e.getMessage());
    }
    written.put(tenant, new Written(status, now, taken));
  }

  private TenantStatus status(Tenant tenant, Snapshot snapshot) {
    TenantAccount account = TenantAccount.of(tenant, snapshot);
    int waiting =
        (int)
            demands.all().stream()
                .map(demand -> snapshot.tenants().of(demand.pod().ref().namespace()).name())
                .filter(tenant.name()::equals)
                .count();
    List<Condition> conditions = new ArrayList<>();
    conditions.add(condition(tenant.name(), "Accepted", true, "Read", "the spec is in force"));
    conditions.add(covered(tenant, account));
    conditions.add(exclusive(tenant, snapshot));
    return new TenantStatus(
        Quantities.of(account.used()),
        Quantities.of(account.guaranteedUsed()),
        Quantities.of(account.borrowed()),
        account.pods(),
        waiting,
        conditions);
  }

  private TenantStatus unread(String tenant, String message) {
    Quantities none = Quantities.of(Amount.ZERO);
    return new TenantStatus(
        none,
        none,
        none,
        0,
        0,
        List.of(condition(tenant, "Accepted", false, "InvalidSpec", message)));
  }

  private Condition covered(Tenant tenant, TenantAccount account) {
    return condition(
        tenant.name(),
        "GuaranteeCovered",
        account.guaranteesCovered(),
        account.guaranteesCovered() ? "Covered" : "HardwareMissing",
        "all tenants together were promised %s; there are %s"
            .formatted(account.promised(), account.capacity()));
  }

  private Condition exclusive(Tenant tenant, Snapshot snapshot) {
    Optional<String> overlap =
        snapshot.tenants().overlaps(tenant).stream()
            .findFirst()
            .map(other -> "tenant " + other + " claims some of its namespaces too");
    return condition(
        tenant.name(),
        "NamespacesExclusive",
        overlap.isEmpty(),
        overlap.isEmpty() ? "Exclusive" : "Overlap",
        overlap.orElse("no other tenant claims its namespaces"));
  }

  /** The time of transition is kept while the status stays. */
  private Condition condition(
      String tenant, String type, boolean yes, String reason, String message) {
    String status = yes ? "True" : "False";
    Written before = written.get(tenant);
    String since =
        before == null
            ? null
            : before.status().conditions().stream()
                .filter(c -> c.type().equals(type) && c.status().equals(status))
                .map(Condition::lastTransitionTime)
                .findFirst()
                .orElse(null);
    return new Condition(
        type,
        status,
        reason,
        message,
        since != null ? since : clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
  }
}
