package dev.lamella.extender.explain;

import dev.lamella.core.explain.Amounts;
import dev.lamella.core.explain.Counted;
import dev.lamella.core.explain.Explanation;
import dev.lamella.core.explain.Explanation.Decided;
import dev.lamella.core.explain.Explanation.Placement;
import dev.lamella.core.explain.Explanation.TenantLine;
import dev.lamella.core.explain.QuotaAccount;
import dev.lamella.core.explain.ReclaimAccount;
import dev.lamella.core.explain.SlicePlace;
import dev.lamella.core.explain.WhatIf;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Explanations for people: at most 100 columns. */
public final class ExplanationText {

  private final Paragraphs text = new Paragraphs();

  private ExplanationText() {}

  /** A pod's. */
  public static List<String> of(Explanation found) {
    ExplanationText text = new ExplanationText();
    text.pod(found);
    return text.text.lines();
  }

  /** What a pod would get. */
  public static List<String> of(WhatIf.Answer found) {
    ExplanationText text = new ExplanationText();
    text.text.title(
        "a pod of tenant %s with %d %s: %s"
            .formatted(found.tenant().name(), found.count(), found.resource(), found.summary()));
    text.tenant(found.tenant());
    text.quota(found.quota());
    if (found.fits()) {
      text.text.entry("slices", places(found.slices()));
    }
    text.reclaim(found.reclaim());
    text.text.title("");
    new GroupsText(text.text).add(found.groups());
    return text.text.lines();
  }

  private void pod(Explanation found) {
    Explanation.Pod pod = found.pod();
    text.title(
        "%s/%s: %s: %s"
            .formatted(
                pod.namespace(),
                pod.name(),
                found.state().toLowerCase(Locale.ROOT),
                found.summary()));
    String needs =
        pod.needs().entrySet().stream()
            .map(need -> need.getValue() + " " + need.getKey())
            .collect(Collectors.joining(", "));
    text.entry(
        "pod",
        "%s, priority %d, asks for %s%s"
            .formatted(
                pod.phase(), pod.priority(), needs, pod.terminating() ? ", is terminating" : ""));
    tenant(found.tenant());
    quota(found.quota());
    if (found.decided() != null) {
      decided(found.decided());
    }
    if (!found.assignment().isEmpty()) {
      text.entry("slices", places(found.assignment()));
    }
    if (found.reservation() != null) {
      kept(found.reservation());
    }
    if (found.reclaim() != null) {
      reclaim(found.reclaim());
    }
    if (found.placement() != null) {
      placement(found.placement());
    }
  }

  private void tenant(TenantLine tenant) {
    text.entry(
        "tenant",
        "%s, %s, priority %d, cohort %s"
            .formatted(tenant.name(), tenant.tenantClass(), tenant.priority(), tenant.cohort()));
  }

  private void quota(QuotaAccount quota) {
    String adds = amounts(quota.adds());
    String standing = quota.standing() == null ? "nobody knows what it costs" : quota.standing();
    text.entry(
        "quota",
        quota.counted()
            ? "%s; it is charged %s".formatted(standing, adds)
            : "%s; it would add %s".formatted(standing, adds));
    if (quota.reason() != null) {
      text.more(quota.reason());
    }
    text.more(
        "its tenant uses %s in %s; %s of it within the guarantee"
            .formatted(
                amounts(quota.used()),
                Counted.of(quota.pods(), "pod"),
                compute(quota.guaranteedUsed().computeSlices())));
    text.more(
        "guarantee %s; limit %s"
            .formatted(
                quota.guaranteed() == null ? "none" : amounts(quota.guaranteed()),
                quota.limit() == null ? "none" : amounts(quota.limit())));
  }

  private void decided(Decided decided) {
    Instant at = Instant.ofEpochMilli(decided.at());
    if (decided.since() == null) {
      text.entry("decided", "bound to node %s at %s".formatted(decided.node(), at));
      return;
    }
    Instant since = Instant.ofEpochMilli(decided.since());
    text.entry("decided", "refused at %s, the first time at %s".formatted(at, since));
    decided
        .why()
        .forEach((why, nodes) -> text.more("%s: %s".formatted(Counted.of(nodes, "node"), why)));
  }

  private void kept(Explanation.Kept kept) {
    text.entry("reserved", "on node %s: %s".formatted(kept.node(), places(kept.slices())));
    kept.waitsFor().forEach(holder -> text.more("waits for " + HolderText.of(holder)));
  }

  private void reclaim(ReclaimAccount reclaim) {
    switch (reclaim.state()) {
      case "NotNeeded" -> text.entry("reclaim", "not needed: " + reclaim.reason());
      case "Refused" ->
          text.entry("reclaim", "nothing: %s [%s]".formatted(reclaim.reason(), reclaim.rule()));
      default -> {
        text.entry("reclaim", "on node %s: %s".formatted(reclaim.node(), places(reclaim.slices())));
        reclaim.victims().forEach(holder -> text.more("would evict " + HolderText.of(holder)));
        reclaim.leaving().forEach(holder -> text.more("would wait for " + HolderText.of(holder)));
        reclaim.budgets().forEach(name -> text.more("forbidden by disruption budget " + name));
      }
    }
  }

  private void placement(Placement placement) {
    text.title("");
    text.title(
        "%s considered, %s, it fits on %d now"
            .formatted(
                Counted.of(placement.nodes(), "node"),
                placement.offered() == null
                    ? "kube-scheduler has not asked"
                    : placement.offered() + " offered by kube-scheduler",
                placement.fits()));
    new GroupsText(text).add(placement.groups());
  }

  static String places(List<SlicePlace> places) {
    return places.stream().map(ExplanationText::place).collect(Collectors.joining("; "));
  }

  private static String place(SlicePlace place) {
    String share = place.shares() == 0 ? "whole" : place.shares() + "/" + place.sharesTotal();
    return "%s@%d of GPU %d, %s (%s)"
        .formatted(place.profile(), place.start(), place.gpuIndex(), share, place.uuid());
  }

  private static String amounts(Amounts amounts) {
    BigDecimal memory = amounts.memoryMiB();
    List<String> parts = new ArrayList<>();
    if (amounts.computeSlices() != null) {
      parts.add(compute(amounts.computeSlices()));
    }
    if (memory != null && (memory.signum() != 0 || parts.isEmpty())) {
      parts.add(memory.toPlainString() + " MiB");
    }
    return String.join(", ", parts);
  }

  private static String compute(BigDecimal slices) {
    boolean one = slices.compareTo(BigDecimal.ONE) == 0;
    return slices.toPlainString() + (one ? " compute slice" : " compute slices");
  }
}
