package dev.lamella.core.quota;

import dev.lamella.core.resource.ResourceName;
import java.util.Objects;
import java.util.Set;

/**
 * A pod that would have borrowed and found nothing.
 *
 * @param tenant whose
 * @param resource what it asked for
 * @param nodes where it was refused
 * @param at when, in milliseconds since the epoch
 */
public record RefusedBorrower(String tenant, ResourceName resource, Set<String> nodes, long at) {

  public RefusedBorrower {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(resource, "resource");
    nodes = Set.copyOf(nodes);
  }
}
