package dev.lamella.core.ledger;

import dev.lamella.core.resource.ResourceName;
import java.util.Objects;

/**
 * Under which name a node offers a slice.
 *
 * @param kind the profile that its resources are named by
 * @param offered whether it offers it at all
 */
record Advertised(String kind, boolean offered) {

  Advertised {
    Objects.requireNonNull(kind, "kind");
  }

  /**
   * @param profile of the slice
   * @param resource as the node reports it: null for the profile's own, empty for nothing
   * @throws IllegalArgumentException if it is no resource that stands for slices
   */
  static Advertised of(String profile, String resource) {
    if (resource == null || resource.isEmpty()) {
      return new Advertised(profile, resource == null);
    }
    ResourceName name =
        ResourceName.parse(resource)
            .filter(whole -> !whole.shared())
            .orElseThrow(() -> new IllegalArgumentException("resource \"" + resource + "\""));
    return new Advertised(name.profile(), true);
  }
}
