package dev.lamella.core.ledger;

import dev.lamella.core.resource.ResourceName;
import java.util.Objects;

/**
 * Under which names a node offers a slice.
 *
 * @param whole by which it is asked for
 * @param share by which a share of it is asked for
 * @param offered whether it offers it at all
 */
record Advertised(ResourceName whole, ResourceName share, boolean offered) {

  Advertised {
    Objects.requireNonNull(whole, "whole");
    Objects.requireNonNull(share, "share");
  }

  /**
   * @param profile of the slice
   * @param resource as the node reports it: null for the profile's own, empty for nothing
   * @throws IllegalArgumentException if it is no resource that stands for slices
   */
  static Advertised of(String profile, String resource) {
    if (resource == null || resource.isEmpty()) {
      return as(profile, resource == null);
    }
    ResourceName name =
        ResourceName.parse(resource)
            .filter(whole -> !whole.shared())
            .orElseThrow(() -> new IllegalArgumentException("resource \"" + resource + "\""));
    return as(name.profile(), true);
  }

  private static Advertised as(String profile, boolean offered) {
    return new Advertised(ResourceName.whole(profile), ResourceName.shared(profile), offered);
  }

  /** The profile that its resources are named by. */
  String kind() {
    return whole.profile();
  }
}
