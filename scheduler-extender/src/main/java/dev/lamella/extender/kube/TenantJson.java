package dev.lamella.extender.kube;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lamella.core.amount.Cap;
import dev.lamella.core.amount.Quantity;
import dev.lamella.core.tenancy.LabelRequirement;
import dev.lamella.core.tenancy.NamespaceClaim;
import dev.lamella.core.tenancy.Quota;
import dev.lamella.core.tenancy.Tenant;
import dev.lamella.core.tenancy.TenantClass;
import dev.lamella.core.tenancy.WholeSlices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** A Tenant resource, as its owner wrote it. */
public record TenantJson(Meta metadata, Spec spec) {

  /** The {@code spec}. */
  public record Spec(
      List<String> namespaces,
      Selector namespaceSelector,
      @JsonProperty("class") String tenantClass,
      Integer priority,
      String cohort,
      String wholeSlices,
      QuotaJson quota) {}

  /** A label selector. */
  public record Selector(Map<String, String> matchLabels, List<Expression> matchExpressions) {

    List<LabelRequirement> requirements() {
      List<LabelRequirement> all = new ArrayList<>();
      if (matchLabels != null) {
        matchLabels.forEach((key, value) -> all.add(LabelRequirement.equal(key, value)));
      }
      if (matchExpressions != null) {
        matchExpressions.forEach(expression -> all.add(expression.requirement()));
      }
      return all;
    }
  }

  /** One of a selector's {@code matchExpressions}. */
  public record Expression(String key, String operator, List<String> values) {

    LabelRequirement requirement() {
      return new LabelRequirement(
          key,
          choice(
              "spec.namespaceSelector.matchExpressions.operator",
              operator,
              LabelRequirement.Operator.values(),
              LabelRequirement.Operator::text),
          new HashSet<>(values == null ? List.of() : values));
    }
  }

  /** The {@code quota}. */
  public record QuotaJson(
      CapJson guaranteed, CapJson limit, Map<String, Integer> profiles, Integer pods) {}

  /** A bound, as Kubernetes quantities. */
  public record CapJson(String computeSlices, String memory) {}

  /**
   * The tenant as the core knows it.
   *
   * @throws IllegalArgumentException naming the field, its value and what would be right
   */
  public Tenant tenant() {
    if (spec == null) {
      throw new IllegalArgumentException("spec is missing");
    }
    List<String> names = spec.namespaces() == null ? List.of() : spec.namespaces();
    List<LabelRequirement> labels =
        spec.namespaceSelector() == null ? List.of() : spec.namespaceSelector().requirements();
    TenantClass tenantClass =
        choice("spec.class", spec.tenantClass(), TenantClass.values(), TenantClass::text);
    return new Tenant(
        metadata.name(),
        new NamespaceClaim(new HashSet<>(names), labels),
        tenantClass,
        spec.priority() == null ? 0 : spec.priority(),
        spec.cohort() == null || spec.cohort().isEmpty() ? Tenant.DEFAULT_COHORT : spec.cohort(),
        spec.wholeSlices() == null
            ? WholeSlices.BORROW
            : choice(
                "spec.wholeSlices", spec.wholeSlices(), WholeSlices.values(), WholeSlices::text),
        quota(spec.quota()));
  }

  private static Quota quota(QuotaJson quota) {
    if (quota == null) {
      return Quota.NONE;
    }
    return new Quota(
        Optional.ofNullable(quota.guaranteed()).map(cap -> cap("spec.quota.guaranteed", cap)),
        quota.limit() == null ? Cap.UNLIMITED : cap("spec.quota.limit", quota.limit()),
        quota.profiles() == null ? Map.of() : quota.profiles(),
        quota.pods() == null ? OptionalInt.empty() : OptionalInt.of(quota.pods()));
  }

  private static Cap cap(String field, CapJson cap) {
    return new Cap(
        parts(field + ".computeSlices", cap.computeSlices(), Quantity::computeParts),
        parts(field + ".memory", cap.memory(), Quantity::memoryParts));
  }

  private static OptionalLong parts(String field, String text, ToLongFunction<String> read) {
    if (text == null) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(read.applyAsLong(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(field + ": " + e.getMessage(), e);
    }
  }

  private static <T> T choice(String field, String text, T[] values, Function<T, String> name) {
    return Arrays.stream(values)
        .filter(value -> name.apply(value).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s is %s, expected one of %s"
                        .formatted(field, text, Arrays.stream(values).map(name).toList())));
  }
}
